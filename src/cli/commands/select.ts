import { select } from "../../pipelines/mod.ts";
import { SELECT_DEFAULTS, type SelectOptions } from "../../zoo/mod.ts";
import type { Command } from "../command.ts";
import { DATASET_FLAG, ENGINE_FLAGS, IMAGE_FLAGS, OUTPUT_FLAGS, SEED_RANGE, ZOO_FLAG } from "../common_flags.ts";
import { UsageError } from "../flags.ts";
import { engineOptions, openingFrom } from "../opening.ts";
import { formatTable } from "../../text/mod.ts";

/** `select`: which supernet to start from. */
export const selectCommand: Command = {
  name: "select",
  summary: "Ranks the zoo's supernets by the optimal-transport distance of their data from a dataset.",
  basic: [
    "target",
    "zoo",
    "images",
    "seed",
    "json",
  ],
  examples: [
    "deno task select --target uci-digits",
    "deno task select --target path/to/folder --json",
  ],
  flags: {
    target: DATASET_FLAG,
    zoo: ZOO_FLAG,
    images: {
      kind: "integer",
      from: 10,
      to: 2000,
      help: "most images of the dataset, as many of each class",
      default: SELECT_DEFAULTS.images,
    },
    epsilon: {
      kind: "number",
      from: 0.001,
      to: 100,
      help: "entropic regularisation, as a share of the mean cost",
      default: SELECT_DEFAULTS.epsilon,
    },
    seed: {
      kind: "integer",
      ...SEED_RANGE,
      help: "chooses the images",
      default: SELECT_DEFAULTS.seed,
    },
    ...IMAGE_FLAGS,
    ...ENGINE_FLAGS,
    ...OUTPUT_FLAGS,
  },
  async run({ values, terminal }) {
    if (values.target === undefined) {
      throw new UsageError("--target is missing: expected the name or path of a dataset");
    }
    const { target, zoo, images, epsilon, seed } = { ...SELECT_DEFAULTS, ...values } as SelectOptions;
    const opening = openingFrom(values, terminal);
    const result = await select({ target, opening, zoo, images, epsilon, seed, ...engineOptions(values) });
    for (const problem of result.problems) terminal.say(problem);
    for (const name of result.unsigned) {
      terminal.say(
        `${name} is left out: it has no signature, add one with: deno task rootstock zoo sign ${name} --data …`,
      );
    }
    terminal.answer(
      result,
      () =>
        result.ranking.length === 0 ? "No supernet of the zoo can be compared: none has a signature" : formatTable([
          ["entry", "pixels", "distance", "relative", "sources", "closest classes (target: source)", "seconds"],
          ...result.ranking.map(({ name, side, distance, relativeDistance, sources, closest, seconds }) => [
            name,
            String(side),
            distance.toPrecision(4),
            relativeDistance.toFixed(3),
            sources.map(({ name }) => name).join(", "),
            closest.map(({ target, source }) => `${target}: ${source}`).join(", "),
            seconds.toFixed(1),
          ]),
        ]),
    );
  },
};
