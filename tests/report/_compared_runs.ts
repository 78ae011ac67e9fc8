import type { ComparedRun } from "../../src/report/mod.ts";
import type { RunResult } from "../../src/stages/mod.ts";
import { TRANSFER } from "./_run_result.ts";
import { answersOf } from "./_test_report.ts";

/** A run of a name with some other figures. */
export function comparedRun(name: string, changes: Partial<RunResult> = {}, epochs = 2): ComparedRun {
  return {
    folder: `runs/${name}`,
    name,
    result: { ...TRANSFER, test: answersOf(["a", "<b>"]), ...changes },
    configuration: { target: "uci-digits", search: { epochs, learningRate: 0.1 } },
    startedAt: Date.UTC(2026, 10, 29),
    events: [{ type: "epoch", memoryBytes: 3 * 2 ** 29 }],
  };
}
