import { isCompareResult, isDemoResult } from "../../compare/mod.ts";
import { isParetoResult } from "../../pipelines/mod.ts";
import { isRunResult } from "../../stages/mod.ts";
import { openRun, RunError, writeAtomic } from "../../run/mod.ts";
import type { Command } from "../command.ts";
import { commandLineOf } from "../command_line.ts";
import { OUTPUT_FLAGS } from "../common_flags.ts";
import { renderRun } from "../results.ts";

/** `report`: the report of a finished run, anew. */
export const reportCommand: Command = {
  name: "report",
  summary: "Renders report.html of a finished run anew.",
  examples: [
    "deno task report runs/transfer-uci-digits-0",
  ],
  operands: { name: "RUN", least: 1, most: 1 },
  flags: OUTPUT_FLAGS,
  async run({ operands, commands, terminal }) {
    const path = operands[0]!;
    const { result, configuration, command: name, events } = await openRun(path);
    if (result === undefined) {
      throw new RunError(`Cannot report ${path}: it has no result.json yet, finish the run with --resume first`);
    }
    if (!(isRunResult(result) || isDemoResult(result) || isCompareResult(result) || isParetoResult(result))) {
      throw new RunError(`Cannot report ${path}: its result.json holds something else, expected the result of a run`);
    }
    const report = `${path}/report.html`;
    const { mode } = result as { mode?: string };
    const command = commands.find((command) => command.name === name);
    const again = command && commandLineOf(command, { configuration, mode });
    await writeAtomic(report, renderRun(result, { configuration, folder: path, events: await events(), again }));
    terminal.answer({ report }, () => report);
  },
};
