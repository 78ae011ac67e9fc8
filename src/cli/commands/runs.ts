import { type RunSummary, summariseRun, tabulateRuns } from "../../report/mod.ts";
import { listRuns, RunError } from "../../run/mod.ts";
import type { Command } from "../command.ts";
import { OUTPUT_FLAGS } from "../common_flags.ts";
import { formatTable } from "../../text/mod.ts";

/** Where runs are unless a user says otherwise. */
export const RUNS_FOLDER = "runs";

/** `runs list`: all runs of a folder. */
export const runsListCommand: Command = {
  name: "runs list",
  summary: "Lists the runs of a folder: what each reached, how far it is, how old.",
  examples: [
    "deno task runs list",
    "deno task runs list runs/experiment --nested --json",
  ],
  operands: { name: "[DIR]", least: 0, most: 1 },
  flags: {
    nested: { kind: "switch", help: "list runs within runs as well, such as the arms of a comparison" },
    ...OUTPUT_FLAGS,
  },
  async run({ operands: [folder = RUNS_FOLDER], values, terminal }) {
    const { runs: listed, problems } = await listRuns(folder, { isNested: values.nested === true });
    const runs: RunSummary[] = [];
    const told = [...problems];
    for (const run of listed) {
      try {
        runs.push(await summariseRun(run));
      } catch (error) {
        if (!(error instanceof RunError)) throw error;
        told.push(error.message);
      }
    }
    for (const problem of told) terminal.say(problem);
    terminal.answer({ runs, problems: told }, () => formatTable(tabulateRuns(runs, Date.now())));
  },
};
