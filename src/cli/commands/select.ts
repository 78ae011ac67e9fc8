import { select } from "../../pipelines/mod.ts";
import { formatTable } from "../../report/mod.ts";
import { FEATURE_SPACES, SELECT_DEFAULTS, type SelectOptions } from "../../zoo/mod.ts";
import type { Command } from "../command.ts";
import { ENGINE_FLAGS, OUTPUT_FLAGS } from "../common_flags.ts";
import { UsageError } from "../flags.ts";
import { engineOptions } from "./eval.ts";

/** `select`: which supernet to start from. */
export const selectCommand: Command = {
  name: "select",
  summary: "Ranks the zoo's supernets by the optimal-transport distance of their data from a dataset.",
  basic: [
    "target",
    "zoo",
    "space",
    "images",
    "seed",
    "json",
  ],
  examples: [
    "deno task select --target uci-digits",
    "deno task select --target path/to/folder --space features --json",
  ],
  flags: {
    target: { kind: "text", value: "NAME|DIR", help: "dataset: an embedded one, or a folder of IDX files" },
    zoo: { kind: "text", value: "DIR", help: "folder of the zoo", default: "the project's data/zoo" },
    space: {
      kind: "choice",
      of: [...FEATURE_SPACES],
      help: "where to compare: grey pixels, or the pooled features of each supernet",
      default: SELECT_DEFAULTS.space,
    },
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
      from: 0,
      to: 2 ** 32 - 1,
      help: "chooses the images",
      default: SELECT_DEFAULTS.seed,
    },
    ...ENGINE_FLAGS,
    ...OUTPUT_FLAGS,
  },
  async run({ values, terminal }) {
    if (values.target === undefined) {
      throw new UsageError("--target is missing: expected the name or folder of a dataset");
    }
    const { target, zoo, space, images, epsilon, seed } = { ...SELECT_DEFAULTS, ...values } as unknown as SelectOptions;
    const result = await select({
      target,
      space,
      images,
      epsilon,
      seed,
      ...(zoo !== undefined && { zoo }),
      ...engineOptions(values),
    });
    for (const name of result.unsigned) {
      terminal.say(
        `${name} is left out: it has no signature, add one with: deno task rootstock zoo sign ${name} --data …`,
      );
    }
    terminal.answer(
      result,
      () =>
        result.ranking.length === 0 ? "No supernet of the zoo can be compared: none has a signature" : formatTable([
          ["entry", "distance", "relative", "sources", "closest classes (target: source)", "seconds"],
          ...result.ranking.map(({ name, distance, relativeDistance, sources, closest, seconds }) => [
            name,
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
