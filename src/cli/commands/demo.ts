import { curvesOf, demo, type DemoResult, TRANSFER_DEFAULTS } from "../../pipelines/mod.ts";
import { formatTable, renderReport } from "../../report/mod.ts";
import type { Command } from "../command.ts";
import { runStage } from "../stage.ts";
import { percent } from "../terminal.ts";
import { DEFAULT_SOURCE, TRANSFER_FLAGS } from "./transfer.ts";

const DEMO_DEFAULTS = { ...TRANSFER_DEFAULTS, source: DEFAULT_SOURCE, target: "sign-language-digits" };

/** `demo`: a transfer beside the same budget from scratch. */
export const demoCommand: Command = {
  name: "demo",
  summary: "Transfers the shipped supernet to an embedded dataset, beside the same budget from scratch.",
  flags: {
    target: { kind: "text", value: "NAME|DIR", help: "dataset", default: DEMO_DEFAULTS.target },
    ...TRANSFER_FLAGS,
  },
  async run(invocation) {
    const { result, out } = await runStage(invocation, {
      command: "demo",
      defaults: DEMO_DEFAULTS,
      required: { target: "the name or folder of a dataset" },
      subject: String(invocation.values.target ?? DEMO_DEFAULTS.target),
      work: demo,
      report: (result, configuration) =>
        renderReport({
          title: `Supernet transfer to ${result.target}, beside a search from scratch`,
          configuration,
          arms: result.arms.map(({ arm, result }) => ({ name: arm, curve: curvesOf(result) })),
          genotype: result.arms[0]!.result.genotype,
          result: { ...result, arms: undefined },
          tables: [{ title: "Both arms", rows: tabulate(result) }],
        }),
    });
    invocation.terminal.answer(result, () => `${formatTable(tabulate(result))}\n\nReport: ${out}/report.html`);
  },
};

const MARKS = [1, 2, 5, 10];

/** Both arms side by side: validation accuracy after some epochs, then what came of it. */
function tabulate({ arms }: DemoResult): string[][] {
  const marks = MARKS.filter((mark) => arms.some(({ result }) => result.curve.length >= mark));
  return [
    ["", ...marks.map((mark) => `after ${mark} epoch${mark > 1 ? "s" : ""}`), "test accuracy", "parameters", "seconds"],
    ...arms.map(({ arm, result }) => [
      arm,
      ...marks.map((mark) => {
        const accuracy = result.curve[mark - 1]?.validAccuracy;
        return accuracy === undefined ? "settled" : percent(accuracy);
      }),
      percent(result.testAccuracy ?? 0),
      result.parameters.toLocaleString("en"),
      result.seconds.toFixed(0),
    ]),
  ];
}
