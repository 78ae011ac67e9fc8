import { demo } from "../../compare/mod.ts";
import { TRANSFER_DEFAULTS, type TransferOptions } from "../../pipelines/mod.ts";
import { flattenSettings, mergeSettings } from "../../run/mod.ts";
import type { Command } from "../command.ts";
import { DATASET_FLAG } from "../common_flags.ts";
import type { Flag, Flags } from "../flag.ts";
import { describeDemo } from "../results.ts";
import { runStage } from "../stage.ts";
import { TRANSFER_FLAGS } from "./transfer.ts";

/** A budget of two minutes on two cores, without stopping early. */
const OWN_DEFAULTS = {
  target: "sign-language-digits",
  search: { epochs: 2, alphaEvery: 2, patience: 0 },
  training: { epochs: 5 },
};

const DEMO_DEFAULTS: TransferOptions = mergeSettings<TransferOptions>(
  { ...TRANSFER_DEFAULTS, target: OWN_DEFAULTS.target },
  OWN_DEFAULTS,
);

/** A transfer's flags with the defaults of the demonstration. */
const FLAGS: Flags = Object.fromEntries(
  Object.entries({ target: { ...DATASET_FLAG, path: "target" } satisfies Flag, ...TRANSFER_FLAGS }).map(
    ([name, flag]) => {
      const own = flattenSettings(OWN_DEFAULTS)[flag.path ?? ""] as string | number | undefined;
      return [name, own === undefined ? flag : { ...flag, default: own }];
    },
  ),
);

/** `demo`: a transfer beside the same budget from scratch. Called again, it goes on, or shows what it has found. */
export const demoCommand: Command = {
  name: "demo",
  summary: "Transfers the nearest supernet of the zoo to an embedded dataset, beside the same budget from scratch.",
  basic: [
    "target",
    "source",
    "epochs",
    "train-epochs",
    "seed",
    "out",
    "threads",
    "config",
    "json",
  ],
  examples: [
    "deno task demo",
    "deno task demo --target uci-digits --epochs 4",
  ],
  flags: FLAGS,
  async run(invocation) {
    const { values, terminal } = invocation;
    const { result, out } = await runStage({ ...invocation, values: { ...values, resume: true } }, {
      defaults: DEMO_DEFAULTS,
      required: { target: "the name or path of a dataset" },
      work: demo,
    });
    terminal.answer(result, () => `${describeDemo(result, out)}\nReport: ${out}/report.html`);
  },
};
