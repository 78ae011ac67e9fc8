import { openRun, RunError, writeAtomic } from "../../run/mod.ts";
import type { Command } from "../command.ts";
import { OUTPUT_FLAGS } from "../common_flags.ts";
import { type AnyResult, renderRun } from "../results.ts";

/** `report`: the report of a finished run, anew. */
export const reportCommand: Command = {
  name: "report",
  summary: "Renders report.html of a finished run anew.",
  operands: { name: "RUN", least: 1, most: 1 },
  flags: OUTPUT_FLAGS,
  async run({ operands, terminal }) {
    const path = operands[0]!;
    const { result, configuration } = await openRun(path);
    if (result === undefined) {
      throw new RunError(`Cannot report ${path}: it has no result.json yet, finish the run with --resume first`);
    }
    const report = `${path}/report.html`;
    await writeAtomic(report, renderRun(result as AnyResult, configuration, path));
    terminal.answer({ report }, () => report);
  },
};
