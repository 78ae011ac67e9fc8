import { demo } from "../../compare/mod.ts";
import { TRANSFER_DEFAULTS } from "../../pipelines/mod.ts";
import type { Command } from "../command.ts";
import type { Flags } from "../flags.ts";
import { describeDemo } from "../results.ts";
import { runStage } from "../stage.ts";
import { TRANSFER_FLAGS } from "./transfer.ts";

/** A budget of two minutes on two cores, without stopping early. */
const DEMO_DEFAULTS = {
  ...TRANSFER_DEFAULTS,
  source: "auto",
  target: "sign-language-digits",
  epochs: 2,
  alphaEvery: 2,
  patience: 0,
  trainEpochs: 5,
};

const OWN_DEFAULTS: Flags = Object.fromEntries(
  ([["epochs", "epochs"], ["alpha-every", "alphaEvery"], ["patience", "patience"], [
    "train-epochs",
    "trainEpochs",
  ]] as const)
    .map(([flag, option]) => [flag, { ...TRANSFER_FLAGS[flag]!, default: DEMO_DEFAULTS[option] }]),
);

/** `demo`: a transfer beside the same budget from scratch. Called again, it goes on, or shows what it has found. */
export const demoCommand: Command = {
  name: "demo",
  summary: "Transfers the nearest supernet of the zoo to an embedded dataset, beside the same budget from scratch.",
  flags: {
    target: { kind: "text", value: "NAME|DIR", help: "dataset", default: DEMO_DEFAULTS.target },
    ...TRANSFER_FLAGS,
    ...OWN_DEFAULTS,
  },
  async run({ values, operands, terminal }) {
    const { result, out } = await runStage({ values: { ...values, resume: true }, operands, terminal }, {
      command: "demo",
      defaults: DEMO_DEFAULTS,
      required: { target: "the name or folder of a dataset" },
      subject: String(values.target ?? DEMO_DEFAULTS.target),
      work: demo,
    });
    terminal.answer(result, () => `${describeDemo(result, out)}\nReport: ${out}/report.html`);
  },
};
