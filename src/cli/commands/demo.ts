import { demo, TRANSFER_DEFAULTS } from "../../pipelines/mod.ts";
import { formatTable } from "../../report/mod.ts";
import type { Command } from "../command.ts";
import { tabulateArms } from "../results.ts";
import { runStage } from "../stage.ts";
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
    });
    invocation.terminal.answer(result, () => `${formatTable(tabulateArms(result))}\n\nReport: ${out}/report.html`);
  },
};
