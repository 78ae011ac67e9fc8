import { isCompareResult, isDemoResult } from "../../compare/mod.ts";
import { isParetoResult } from "../../pipelines/mod.ts";
import {
  type ComparedRun,
  formatTable,
  judgeSideBySide,
  nameOf,
  renderSideBySide,
  tabulateSideBySide,
} from "../../report/mod.ts";
import { isRunResult } from "../../stages/mod.ts";
import { openRun, type Run, RunError, writeAtomic } from "../../run/mod.ts";
import type { Command, Invocation } from "../command.ts";
import { commandLineOf } from "../command_line.ts";
import { OUTPUT_FLAGS } from "../common_flags.ts";
import { UsageError } from "../flags.ts";
import { renderRun } from "../results.ts";

/** As many as there are colours that can be told apart. */
const MOST_RUNS = 8;
/** The page of several runs unless a user says otherwise. */
const SEVERAL_FILE = "runs/side-by-side.html";

/** `report`: the report of a finished run, anew, or several runs on one page. */
export const reportCommand: Command = {
  name: "report",
  summary: "Renders report.html of a finished run anew, or a page that compares several runs.",
  examples: [
    "deno task report runs/transfer-uci-digits-0",
    "deno task report runs/first runs/second runs/third --out runs/three.html",
  ],
  operands: { name: "RUN…", least: 1, most: MOST_RUNS },
  flags: {
    out: {
      kind: "text",
      value: "FILE",
      help: "page of several runs; one that is there is replaced",
      default: SEVERAL_FILE,
    },
    ...OUTPUT_FLAGS,
  },
  async run(invocation) {
    await (invocation.operands.length === 1 ? reportOne(invocation) : reportSeveral(invocation));
  },
};

async function reportOne({ operands, values, commands, terminal }: Invocation): Promise<void> {
  const path = operands[0]!;
  if (values.out !== undefined) {
    throw new UsageError("--out is for several runs: the report of one is report.html in its folder");
  }
  const { result, configuration, command: name, events } = await openFinished(path);
  if (!(isRunResult(result) || isDemoResult(result) || isCompareResult(result) || isParetoResult(result))) {
    throw new RunError(`Cannot report ${path}: its result.json holds something else, expected the result of a run`);
  }
  const { mode } = result as { mode?: string };
  const command = commands.find((command) => command.name === name);
  const again = command && commandLineOf(command, { configuration, mode });
  const report = `${path}/report.html`;
  await writeAtomic(report, renderRun(result, { configuration, folder: path, events: await events(), again }));
  terminal.answer({ report }, () => report);
}

async function reportSeveral({ operands, values, terminal }: Invocation): Promise<void> {
  const runs = await openSeveral(operands);
  const report = values.out?.toString() ?? SEVERAL_FILE;
  await writeAtomic(report, renderSideBySide(runs));
  const figures = runs.map(({ folder, name, result: { testAccuracy, validAccuracy, parameters, macs, seconds } }) => ({
    folder,
    name,
    testAccuracy,
    validAccuracy,
    parameters,
    macs,
    seconds,
  }));
  terminal.answer(
    { report, runs: figures },
    () =>
      [judgeSideBySide(runs).headline, "", formatTable(tabulateSideBySide(runs)), "", `Report: ${report}`].join("\n"),
  );
}

async function openFinished(path: string): Promise<Run> {
  const run = await openRun(path);
  if (run.result !== undefined) return run;
  throw new RunError(`Cannot report ${path}: it has no result.json yet, finish the run with --resume first`);
}

/** Opens finished runs that made a network each. */
async function openSeveral(paths: readonly string[]): Promise<ComparedRun[]> {
  const names = namesOf(paths);
  return await Promise.all(paths.map(async (folder, i): Promise<ComparedRun> => {
    const { result, configuration, events } = await openFinished(folder);
    if (isRunResult(result)) return { folder, name: names[i]!, result, configuration, events: await events() };
    const parts = isDemoResult(result)
      ? `: name ${result.arms.map(({ arm }) => `${folder}/${arm}`).join(" and ")}`
      : "";
    throw new RunError(`Cannot compare ${folder}: its result is not that of one network${parts}`);
  }));
}

/** Runs by the last parts of their paths; by whole paths where two have the same. */
function namesOf(paths: readonly string[]): string[] {
  const twice = paths.find((path, i) => paths.indexOf(path) !== i);
  if (twice !== undefined) throw new UsageError(`${twice} is given twice: expected each run once`);
  const names = paths.map(nameOf);
  return new Set(names).size === names.length ? names : [...paths];
}
