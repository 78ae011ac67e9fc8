import { flattenSettings, type RunEvent, type Settings } from "../run/mod.ts";
import type { RunResult } from "../stages/mod.ts";
import { mostMemory } from "./run_report.ts";
import { toText, toWords } from "./settings_table.ts";
import { formatBytes, formatShare, nameOf } from "./words.ts";
import { formatDuration } from "../text/mod.ts";

/** A finished run beside others. */
export interface ComparedRun {
  /** Its folder. */
  readonly folder: string;
  /** What it is called among the others. */
  readonly name: string;
  /** Its result. */
  readonly result: RunResult;
  /** What it was started with. */
  readonly configuration: Settings;
  /** Its history. */
  readonly events: readonly RunEvent[];
  /** When it began, in milliseconds since 1970. */
  readonly startedAt: number;
}

/** More classes make no table that anybody reads. */
const MOST_CLASSES = 40;

/**
 * Sets runs in a table: what each reached, and what it cost.
 *
 * @param runs The runs.
 * @returns Rows; the first holds the headings. Columns in which no run has anything are left out.
 */
export function tabulateSideBySide(runs: readonly ComparedRun[]): string[][] {
  const share = (value: number | undefined) => value === undefined ? "" : formatShare(value);
  const rows = runs.map(({ name, result, events }) => {
    const { command, data, validAccuracy, testAccuracy, test, parameters, macs, seconds, source } = result as
      & RunResult
      & { source?: string };
    const memory = mostMemory(events);
    return [
      name,
      command,
      nameOf(data),
      source === undefined ? "" : nameOf(source),
      share(validAccuracy),
      share(testAccuracy),
      share(test?.balancedAccuracy),
      parameters.toLocaleString("en"),
      macs.toLocaleString("en"),
      formatDuration(seconds),
      memory === undefined ? "" : formatBytes(memory),
    ];
  });
  const heading = [
    "run",
    "command",
    "data",
    "source",
    "held-out images",
    "test images",
    "balanced",
    "parameters",
    "multiply-adds",
    "time",
    "memory",
  ];
  const isUsed = heading.map((_, column) => rows.some((row) => row[column] !== ""));
  return [heading, ...rows].map((row) => row.filter((_, column) => isUsed[column]));
}

/**
 * Sets the settings in which runs differ in a table: a row a setting, a column a run.
 *
 * @param runs The runs.
 * @returns Rows; the first holds the headings. What a run was not given is empty.
 */
export function tabulateDifferences(runs: readonly ComparedRun[]): string[][] {
  const all = runs.map(({ configuration }) => flattenSettings(configuration));
  const paths = [...new Set(all.flatMap((settings) => Object.keys(settings)))];
  const rows = paths.map((path) => {
    const name = path.split(".").at(-1)!;
    return [path.split(".").map(toWords).join(", "), ...all.map((settings) => toText(name, settings[path]))];
  });
  const differing = rows.filter(([, first, ...others]) => others.some((value) => value !== first));
  return [["setting", ...runs.map(({ name }) => name)], ...differing];
}

/**
 * Sets the recall of each class in a table: a row a class, a column a run.
 *
 * @param runs The runs.
 * @returns Rows; the first holds the headings. Nothing but those where fewer than two runs were tested on the same classes.
 */
export function tabulateRecall(runs: readonly ComparedRun[]): string[][] {
  const tested = runs.flatMap(({ name, result: { test } }) =>
    test === undefined ? [] : [{ name, classes: test.classes }]
  );
  const heading = ["class", ...tested.map(({ name }) => name)];
  const names = tested.map(({ classes }) => classes.map(({ name }) => name));
  const [first = []] = names;
  const isSame = names.every((own) => own.length === first.length && own.every((name, i) => name === first[i]));
  if (tested.length < 2 || !isSame || first.length > MOST_CLASSES) return [heading];
  const percent = (value: number | null) => value === null ? "" : formatShare(value);
  return [heading, ...first.map((name, i) => [name, ...tested.map(({ classes }) => percent(classes[i]!.recall))])];
}
