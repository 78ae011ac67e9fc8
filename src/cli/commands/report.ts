import { isCompareResult, isDemoResult } from "../../compare/mod.ts";
import { isParetoResult } from "../../pipelines/mod.ts";
import { judgeSideBySide, renderSideBySide, tabulateSideBySide } from "../../report/mod.ts";
import { RunError, writeAtomic } from "../../run/mod.ts";
import { isRunResult } from "../../stages/mod.ts";
import type { Command, Invocation } from "../command.ts";
import { commandLineOf } from "../command_line.ts";
import { OUTPUT_FLAGS } from "../common_flags.ts";
import { openAll, openFinished, openSeveral } from "../finished_runs.ts";
import { UsageError } from "../flags.ts";
import { renderRun } from "../results.ts";
import { type Tracker, TRACKERS, writeTracked } from "../tracked_runs.ts";
import { RUNS_FOLDER } from "./runs.ts";
import { formatTable } from "../../text/mod.ts";

/** As many as there are colours that can be told apart. */
const MOST_RUNS = 8;
/** The page of several runs unless a user says otherwise. */
const SEVERAL_FILE = "runs/side-by-side.html";

/** `report`: the report of a finished run, anew, several runs on one page, or runs for another program. */
export const reportCommand: Command = {
  name: "report",
  summary: "Renders report.html of a finished run anew, a page that compares several, or files for other programs.",
  examples: [
    "deno task report runs/transfer-uci-digits-0",
    "deno task report runs/first runs/second runs/third --out runs/three.html",
    "deno task report runs/first runs/second --to optuna runs/study.log",
  ],
  operands: { name: "RUN…", least: 1, most: 100_000 },
  flags: {
    out: {
      kind: "text",
      value: "FILE",
      help: "page of several runs; one that is there is replaced",
      default: SEVERAL_FILE,
    },
    to: {
      kind: "choice",
      of: TRACKERS,
      help:
        `tensorboard: an event file a run, optuna: a journal with a trial a run; the folder or file is given after the runs, which are all of ${RUNS_FOLDER}/ if left out`,
    },
    ...OUTPUT_FLAGS,
  },
  async run(invocation) {
    const { operands: { length }, values } = invocation;
    if (values.to !== undefined) return await reportTo(values.to as Tracker, invocation);
    if (length > MOST_RUNS) throw new UsageError(`Cannot show ${length} runs on a page: expected at most ${MOST_RUNS}`);
    await (length === 1 ? reportOne(invocation) : reportSeveral(invocation));
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
  const command = (await commands()).find((command) => command.name === name);
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

/** `report --to`: what is given last is written to. */
async function reportTo(to: Tracker, { operands, values, terminal }: Invocation): Promise<void> {
  if (values.out !== undefined) {
    throw new UsageError("--out is for a page: with --to, name where to write after the runs");
  }
  const [paths, path] = [operands.slice(0, -1), operands.at(-1)!];
  const runs = paths.length > 0 ? await openSeveral(paths) : await openAll(RUNS_FOLDER);
  const files = await writeTracked(runs, { to, path });
  terminal.answer({ to, runs: runs.map(({ folder }) => folder), files }, () => files.join("\n"));
}
