import type { Condition, Constraint, Draw, FlagValue, Halving, Study } from "../sweep/mod.ts";
import { didYouMean } from "../text/mod.ts";
import type { Command } from "./command.ts";
import { isGroup, readDocument, readSettings, refuse } from "./config_file.ts";
import { showValue } from "./flag_values.ts";
import { toCamelCase } from "./flags.ts";

type Group = Readonly<Record<string, unknown>>;

/** Parts of a study's file. */
const PARTS = ["command", "settings", "grid", "paired", "random", "repeats", "constraints", "halving"];
/** Flags that say where and how a run is done, which is for the workers to say. */
const OF_WORKERS = ["out", "json", "quiet"];
/** More trials than this are a slip. */
const MOST_TRIALS = 100_000;

/** Reads a group of settings; the file's name is in its errors. */
interface Reader {
  readonly path: string;
  readonly command: Command;
}

/**
 * Reads a study from a YAML or JSON file: `{command, settings, grid, paired, random, repeats, constraints, halving}`, all but the
 * command may be left out. Flags are written in camelCase, or as on the command line, and their values are checked as there.
 *
 * @param path The file.
 * @param commands Commands that there are.
 * @returns The study, and its command.
 * @throws {UsageError} If something is unknown or cannot be: names the file, what was found and what is expected.
 */
export async function readStudy(
  path: string,
  commands: readonly Command[],
): Promise<{ study: Study; command: Command }> {
  const content = await readDocument(path);
  if (!isGroup(content)) return refuse(path, `it holds ${showValue(content)}, expected a study: command, grid …`);
  checkKeys(content, PARTS, "", path);
  const command = commandOf(content.command, commands, path);
  const reader: Reader = { path, command };
  const study: Study = {
    command: command.name,
    settings: settingsOf(groupOf(content.settings, "settings", path), reader),
    grid: columnsOf(groupOf(content.grid, "grid", path), "grid", reader),
    paired: pairsOf(content.paired, reader),
    random: randomOf(content.random, reader),
    repeats: wholeOf(content.repeats ?? 1, "repeats", { from: 1, to: 1000 }, path),
    constraints: listOf(content.constraints ?? [], "constraints", path).map((one, i) => constraintOf(one, i, reader)),
    halving: halvingOf(content.halving, path),
  };
  checkFlags(study, path);
  return { study, command };
}

function commandOf(name: unknown, commands: readonly Command[], path: string): Command {
  const able = commands.filter(({ flags }) => "out" in flags && "resume" in flags);
  const names = able.map(({ name }) => name);
  const found = able.find((command) => command.name === name);
  if (found !== undefined) return found;
  const guess = typeof name === "string" ? didYouMean(name, names) : "";
  return refuse(path, `command is ${showValue(name)}: expected one of ${names.join(", ")}${guess}`);
}

function checkKeys(group: Group, known: readonly string[], place: string, path: string): void {
  const odd = Object.keys(group).find((key) => !known.includes(key));
  if (odd === undefined) return;
  refuse(path, `unknown part ${place}${odd}${didYouMean(odd, known)}: expected ${known.join(", ")}`);
}

function groupOf(value: unknown, name: string, path: string): Group {
  if (value === undefined || value === null) return {};
  return isGroup(value) ? value : refuse(path, `${name} is ${showValue(value)}, expected values by the names of flags`);
}

function listOf(value: unknown, name: string, path: string): readonly unknown[] {
  return Array.isArray(value) && value.length <= MOST_TRIALS
    ? value
    : refuse(path, `${name} is ${showValue(value)}, expected a list`);
}

function wholeOf(value: unknown, name: string, { from, to }: { from: number; to: number }, path: string): number {
  const isRight = Number.isSafeInteger(value) && (value as number) >= from && (value as number) <= to;
  return isRight
    ? value as number
    : refuse(path, `${name} is ${showValue(value)}, expected a whole number from ${from} to ${to}`);
}

/** Settings by the camelCase names of flags. */
function settingsOf(group: Group, { path, command }: Reader): Record<string, FlagValue> {
  // Nested groups are for files of one run; here each flag has its own line.
  const { values, operands } = readSettings(group, path, { ...command, operands: undefined });
  if (operands.length > 0) return refuse(path, "it names an operand, expected flags");
  const odd = Object.keys(values).find((name) => OF_WORKERS.includes(name));
  if (odd !== undefined) return refuse(path, `${odd} is no setting of a trial: each has a folder of its own`);
  return values;
}

/** One setting, and its name. */
function settingOf(key: string, value: unknown, reader: Reader): [string, FlagValue] {
  return Object.entries(settingsOf({ [key]: value }, reader))[0]!;
}

/** Lists of values by flag. */
function columnsOf(group: Group, name: string, reader: Reader): Record<string, FlagValue[]> {
  const columns: Record<string, FlagValue[]> = {};
  for (const [key, list] of Object.entries(group)) {
    const values = listOf(list, `${name}.${key}`, reader.path);
    if (values.length === 0) return refuse(reader.path, `${name}.${key} is empty, expected values`);
    const settings = values.map((value) => settingOf(key, value, reader));
    columns[settings[0]![0]] = settings.map(([, value]) => value);
  }
  return columns;
}

function pairsOf(value: unknown, reader: Reader): Record<string, FlagValue[]>[] {
  if (value === undefined || value === null) return [];
  const groups = Array.isArray(value) ? value : [value];
  return groups.map((group, i) => {
    const name = groups.length > 1 ? `paired[${i}]` : "paired";
    const columns = columnsOf(groupOf(group, name, reader.path), name, reader);
    const lengths = Object.entries(columns).map(([flag, { length }]) => `${flag} has ${length}`);
    if (new Set(Object.values(columns).map(({ length }) => length)).size > 1) {
      return refuse(reader.path, `values of ${name} go together, but ${lengths.join(", ")}: expected as many of each`);
    }
    return columns;
  });
}

function randomOf(value: unknown, reader: Reader): Study["random"] {
  if (value === undefined || value === null) return undefined;
  const { path } = reader;
  const group = groupOf(value, "random", path);
  checkKeys(group, ["count", "seed", "flags"], "random.", path);
  const flags = Object.entries(groupOf(group.flags, "random.flags", path));
  if (flags.length === 0) return refuse(path, "random.flags is empty, expected distributions by the names of flags");
  return {
    count: wholeOf(group.count, "random.count", { from: 1, to: MOST_TRIALS }, path),
    seed: wholeOf(group.seed ?? 0, "random.seed", { from: 0, to: 2 ** 32 - 1 }, path),
    flags: Object.fromEntries(flags.map(([key, draw]) => drawOf(key, draw, reader))),
  };
}

/** A list of values, or `{from, to, scale}`: both ends are what the flag may be. */
function drawOf(key: string, draw: unknown, reader: Reader): [string, Draw] {
  const { path, command } = reader;
  if (Array.isArray(draw)) {
    const [[flag, of]] = Object.entries(columnsOf({ [key]: draw }, "random.flags", reader)) as [[string, FlagValue[]]];
    return [flag, { of }];
  }
  const name = `random.flags.${key}`;
  if (!isGroup(draw)) return refuse(path, `${name} is ${showValue(draw)}, expected values, or from, to and scale`);
  checkKeys(draw, ["from", "to", "scale"], `${name}.`, path);
  const [flag, from] = settingOf(key, draw.from, reader);
  const [, to] = settingOf(key, draw.to, reader);
  const { scale = "linear" } = draw;
  if (typeof from !== "number" || typeof to !== "number" || from >= to) {
    return refuse(
      path,
      `${name} goes from ${showValue(from)} to ${showValue(to)}, expected a smaller and a larger number`,
    );
  }
  if (scale !== "linear" && scale !== "log") {
    return refuse(path, `${name}.scale is ${showValue(scale)}, expected linear or log`);
  }
  if (scale === "log" && from <= 0) {
    return refuse(path, `${name} begins at ${from}, expected more than 0 for scale log`);
  }
  const isWhole = Object.entries(command.flags).some(([name, { kind }]) =>
    toCamelCase(name) === flag && kind === "integer"
  );
  return [flag, { from, to, scale, isWhole }];
}

function constraintOf(value: unknown, index: number, reader: Reader): Constraint {
  const name = `constraints[${index}]`;
  const group = groupOf(value, name, reader.path);
  const condition = (part: string) =>
    conditionOf(groupOf(group[part], `${name}.${part}`, reader.path), `${name}.${part}`, reader);
  const keys = Object.keys(group).sort().join(" ");
  if (keys === "not") return { not: condition("not") };
  if (keys === "if then") return { if: condition("if"), then: condition("then") };
  return refuse(reader.path, `${name} has ${keys || "nothing"}, expected if and then, or not`);
}

/** Flags with a value, values, or bounds `{from, to}`. */
function conditionOf(group: Group, name: string, reader: Reader): Condition {
  return Object.fromEntries(
    Object.entries(group).map(([key, wanted]) => {
      if (!isGroup(wanted)) {
        return Object.entries(columnsOf({ [key]: Array.isArray(wanted) ? wanted : [wanted] }, name, reader))[0]!;
      }
      checkKeys(wanted, ["from", "to"], `${name}.${key}.`, reader.path);
      const bounds = Object.entries(wanted).map(([end, value]) => [end, settingOf(key, value, reader)] as const);
      if (bounds.length === 0) return refuse(reader.path, `${name}.${key} is empty, expected from or to`);
      return [bounds[0]![1][0], Object.fromEntries(bounds.map(([end, [, value]]) => [end, value as number]))];
    }),
  );
}

function halvingOf(value: unknown, path: string): Halving | undefined {
  if (value === undefined || value === null) return undefined;
  const group = groupOf(value, "halving", path);
  checkKeys(group, ["metric", "from", "factor"], "halving.", path);
  const { metric = "validAccuracy" } = group;
  const metrics = ["validAccuracy", "validLoss", "trainAccuracy", "trainLoss"];
  if (!metrics.includes(metric as string)) {
    return refuse(path, `halving.metric is ${showValue(metric)}, expected one of ${metrics.join(", ")}`);
  }
  return {
    metric: metric as string,
    from: wholeOf(group.from ?? 1, "halving.from", { from: 1, to: 10_000 }, path),
    factor: wholeOf(group.factor ?? 3, "halving.factor", { from: 2, to: 100 }, path),
  };
}

/** No flag may be set in two ways at once. */
function checkFlags({ settings, grid, paired, random, repeats }: Study, path: string): void {
  const places: [string, string[]][] = [
    ["settings", Object.keys(settings)],
    ["grid", Object.keys(grid)],
    ...paired.map((group): [string, string[]] => ["paired", Object.keys(group)]),
    ["random", Object.keys(random?.flags ?? {})],
  ];
  const seen = new Map<string, string>();
  for (const [place, flags] of places) {
    for (const flag of flags) {
      if (seen.has(flag)) refuse(path, `${flag} is in ${seen.get(flag)} and in ${place}, expected it in one of them`);
      seen.set(flag, place);
    }
  }
  const seedPlace = seen.get("seed");
  if (repeats > 1 && seedPlace !== undefined && seedPlace !== "settings") {
    refuse(path, `repeats and ${seedPlace}.seed both give seeds, expected one of them`);
  }
  const columns = [...Object.values(grid), ...paired.flatMap((group) => Object.values(group).slice(0, 1))];
  const count = columns.reduce((product, { length }) => product * length, repeats * (random?.count ?? 1));
  if (count > MOST_TRIALS) {
    refuse(path, `it has ${count.toLocaleString("en")} trials, expected at most ${MOST_TRIALS.toLocaleString("en")}`);
  }
}
