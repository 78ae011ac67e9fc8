import { type ComparedRun, encodeOptuna, renderStudy } from "../report/mod.ts";
import { listRuns, openRun, RunError, type RunEvent, writeAtomic } from "../run/mod.ts";
import { isEnded } from "../queue/mod.ts";
import type { FlagValues, TimedRun, TrialRow } from "../sweep/mod.ts";
import { isRunResult } from "../stages/mod.ts";
import type { Command } from "./command.ts";
import { flattenValues } from "./setting_paths.ts";
import { basename, join } from "node:path";
import Papa from "papaparse";

/** Where runs are that were no trials. */
const OTHER_RUNS = "runs";

/**
 * Finds finished runs of a command whose time is known: trials of a study, or, where there is none, other runs.
 *
 * @param out Folder of the study's results.
 * @param command The command.
 * @returns Their settings and seconds.
 */
export async function timedRuns(out: string, command: Command): Promise<TimedRun[]> {
  for (const folder of [join(out, "trials"), OTHER_RUNS]) {
    const found: TimedRun[] = [];
    for (const { path } of await listOrNone(folder, command.name)) {
      const { configuration, result } = await openRun(path);
      const { seconds } = (result ?? {}) as { seconds?: unknown };
      if (typeof seconds !== "number") continue;
      found.push({ settings: flattenValues(command, configuration).values as FlagValues, seconds });
    }
    if (found.length > 0) return found;
  }
  return [];
}

async function listOrNone(folder: string, command: string) {
  try {
    const { runs } = await listRuns(folder);
    return runs.filter((run) => run.state === "finished" && run.command === command);
  } catch (error) {
    if (error instanceof RunError) return [];
    throw error;
  }
}

/**
 * Writes what a study came to, for other programs and for readers.
 *
 * @param rows Its trials.
 * @param options Folder of the results, command.
 * @returns Paths of the files.
 */
export async function writeStudyFiles(
  rows: readonly TrialRow[],
  { out }: { out: string },
): Promise<string[]> {
  const csv = join(out, "results.csv");
  await writeAtomic(csv, tabulateCsv(rows));
  const files = [csv];
  const runs = await finishedRuns(rows);
  if (runs.length > 0 && runs.every(({ result }) => (result.testAccuracy ?? result.validAccuracy) !== undefined)) {
    const journal = join(out, "optuna.log");
    await writeAtomic(journal, encodeOptuna(runs));
    files.push(journal);
  }
  const page = join(out, "report.html");
  await writeAtomic(page, renderPageOf(rows, runs, out));
  return [...files, page];
}

function renderPageOf(rows: readonly TrialRow[], runs: readonly ComparedRun[], out: string): string {
  const images = rows.some(({ testAccuracy }) => testAccuracy !== undefined) ? "test images" : "held-out images";
  const curves = new Map(runs.map(({ name, events }) => [name, curveOf(events)]));
  const differ = flagsThatDiffer(rows);
  const trials = rows.map(({ id, settings, state, testAccuracy, validAccuracy }) => ({
    name: id,
    settings: Object.fromEntries(differ.map((flag) => [flag, settings[flag]])),
    state,
    accuracy: state === "finished" ? images === "test images" ? testAccuracy : validAccuracy : undefined,
    curve: curves.get(id) ?? [],
  }));
  return renderStudy({ name: basename(out), folder: out, images, trials });
}

/** Flags in which trials differ, in the order in which they come up. */
export function flagsThatDiffer(trials: readonly Pick<TrialRow, "settings">[]): string[] {
  const flags = [...new Set(trials.flatMap(({ settings }) => Object.keys(settings)))];
  return flags.filter((flag) => new Set(trials.map(({ settings }) => JSON.stringify(settings[flag]))).size > 1);
}

/** Held-out accuracy by epoch, of the first stage that has one. */
function curveOf(events: readonly RunEvent[]): [number, number][] {
  const epochs = events.filter(({ type, validAccuracy }) => type === "epoch" && Number.isFinite(validAccuracy));
  return epochs.filter(({ stage }) => stage === epochs[0]!.stage)
    .map(({ epoch, validAccuracy }) => [epoch as number, validAccuracy as number]);
}

/** The runs of finished trials that made a network each. */
async function finishedRuns(rows: readonly TrialRow[]): Promise<ComparedRun[]> {
  const runs: ComparedRun[] = [];
  for (const { id, folder, state, stoppedAt } of rows) {
    if (state !== "finished" || stoppedAt !== undefined) continue;
    const { result, configuration, events } = await openRun(folder);
    if (!isRunResult(result)) continue;
    const startedAt = (await Deno.stat(join(folder, "config.json"))).mtime?.getTime() ?? 0;
    runs.push({ folder, name: id, result, configuration, events: await events(), startedAt });
  }
  return runs;
}

/** A row a trial: its settings, then its figures. */
function tabulateCsv(rows: readonly TrialRow[]): string {
  const flags = [...new Set(rows.flatMap(({ settings }) => Object.keys(settings)))];
  const figures = ["testAccuracy", "validAccuracy", "parameters", "macs", "epochs", "seconds", "stoppedAt"] as const;
  const cell = (value: unknown) => Array.isArray(value) ? value.join(",") : value ?? "";
  const body = rows.map((row) => [
    row.id,
    ...flags.map((flag) => cell(row.settings[flag])),
    row.state,
    row.attempts,
    ...figures.map((name) => cell(row[name])),
    isEnded(row.state) ? row.error ?? "" : "",
    row.folder,
  ]);
  const heading = ["id", ...flags, "state", "attempts", ...figures, "error", "folder"];
  // What a spreadsheet would run as a formula is text.
  return `${Papa.unparse([heading, ...body], { newline: "\n", escapeFormulae: true })}\n`;
}
