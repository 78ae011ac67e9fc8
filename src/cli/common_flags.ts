import { DEFAULT_BILEVEL, DEFAULT_SIZES, DEFAULT_TRAINING } from "../stages/mod.ts";
import { listMethods } from "../search/mod.ts";
import { listSpaces } from "../spaces/mod.ts";
import { SAMPLINGS } from "../tasks/mod.ts";
import type { Flag, Flags } from "./flags.ts";

/** Flags that every command knows. */
export const OUTPUT_FLAGS: Flags = {
  json: { kind: "switch", help: "print one JSON document on standard output and nothing else there" },
  quiet: { kind: "switch", help: "show no progress" },
  verbose: { kind: "switch", help: "show the stack trace of an error" },
};

/** Flags of everything that computes. They do not change results, except `--build`. */
export const ENGINE_FLAGS: Flags = {
  threads: { kind: "integer", from: 1, to: 16, help: "threads; results do not depend on it", default: "one a core" },
  build: {
    kind: "choice",
    of: ["strict", "relaxed", "single"],
    help: "build of the kernels",
    default: "the fastest that runs here",
  },
};

/** Flags of everything that works in a run's folder. */
export const RUN_FLAGS: Flags = {
  seed: { kind: "integer", from: 0, to: 2 ** 32 - 1, help: "everything random follows from it", default: 0 },
  out: { kind: "text", value: "DIR", help: "folder of the run", default: "runs/COMMAND-DATASET-SEED" },
  resume: {
    kind: "switch",
    help: "continue the run in the folder, to the same end; flags left out are those of before",
  },
  memory: {
    kind: "bytes",
    help: "most memory for activations; less is slower, with the same results",
    default: "1.4 GiB, or as needed",
  },
  ...ENGINE_FLAGS,
};

/** Flags of a network's sizes. */
export const SIZE_FLAGS: Flags = {
  space: {
    kind: "choice",
    of: listSpaces().map(({ name }) => name),
    help: "search space",
    default: DEFAULT_SIZES.space,
  },
  // Kinds of space that have a size of the same name share its flag; the narrower bounds are checked with the space.
  ...Object.fromEntries(
    listSpaces().toReversed().flatMap(({ settings }) => settings).map(({ name, help, default: fallback }) => {
      const all = listSpaces().flatMap(({ settings }) => settings.filter((setting) => setting.name === name));
      const [from, to] = [Math.min(...all.map(({ from }) => from)), Math.max(...all.map(({ to }) => to))];
      return [name, { kind: "integer", from, to, help, default: fallback }] satisfies [string, Flag];
    }),
  ),
};

const SOME_BATCH = "64, or 32 for less than 5,000 images";

/** Flags of the search. */
export const BILEVEL_FLAGS: Flags = {
  method: {
    kind: "choice",
    of: listMethods().map(({ name }) => name),
    help: "search method",
    default: DEFAULT_BILEVEL.method,
  },
  order: { kind: "choice", of: [1, 2], help: "order of alpha's gradient", default: DEFAULT_BILEVEL.order },
  batch: {
    kind: "integer",
    from: 2,
    to: 4096,
    help: "images a batch of the search",
    default: `${SOME_BATCH}, 16 for less than 2,500`,
  },
  "learning-rate": {
    kind: "number",
    from: 0,
    to: 10,
    help: "first learning rate of the supernet's weights",
    default: DEFAULT_BILEVEL.learningRate,
  },
  "alpha-learning-rate": {
    kind: "number",
    from: 0,
    to: 10,
    help: "learning rate of alpha",
    default: DEFAULT_BILEVEL.alphaLearningRate,
  },
  "alpha-every": {
    kind: "integer",
    from: 1,
    to: 10_000,
    help: "alpha learns in every n-th step; 1 as in DARTS",
    default: DEFAULT_BILEVEL.alphaEvery,
  },
  "path-share": {
    kind: "number",
    from: 0,
    to: 1,
    help: "share of the steps in which weights learn in one network drawn from the supernet, not in the mixture",
    default: DEFAULT_BILEVEL.pathShare,
  },
  "weight-share": {
    kind: "number",
    from: 0.01,
    to: 0.99,
    help: "share of the training images from which weights learn; alpha and the validation have the rest",
    default: DEFAULT_BILEVEL.weightShare,
  },
  recalibration: {
    kind: "integer",
    from: 0,
    to: 10_000,
    help: "batches whose means running statistics become before each validation; 0: they trail the steps, as in DARTS",
    default: DEFAULT_BILEVEL.recalibration,
  },
  validations: {
    kind: "integer",
    from: 1,
    to: 1000,
    help:
      "validations in the first epoch, evenly spread; the second has half as many, the third a third, and so on, at least one; they change nothing but what is known of the curve",
    default: DEFAULT_BILEVEL.validations,
  },
};

/** Limit of a derived network's size. */
export const SIZE_LIMIT = {
  kind: "integer",
  from: 1,
  to: 1_000_000_000,
  help: "most parameters of the derived network",
  default: "no limit",
} as const satisfies Flag;

/** Flags of the final network's training. */
export const TRAINING_FLAGS: Flags = {
  "train-batch": {
    kind: "integer",
    from: 2,
    to: 4096,
    help: "images a batch of the training",
    default: SOME_BATCH,
  },
  "train-learning-rate": {
    kind: "number",
    from: 0,
    to: 10,
    help: "first learning rate of the training; it falls to 0",
    default: DEFAULT_TRAINING.trainLearningRate,
  },
  "drop-path": {
    kind: "number",
    from: 0,
    to: 0.95,
    help: "share of paths dropped at the end of the training",
    default: DEFAULT_TRAINING.dropPath,
  },
  auxiliary: {
    kind: "number",
    from: 0,
    to: 10,
    help: "weight of the auxiliary head's loss (0.4 in the paper), 0: none",
    default: DEFAULT_TRAINING.auxiliary,
  },
  cutout: { kind: "integer", from: 0, to: 256, help: "side of the square cut out of images", default: "the dataset's" },
};

/** Flags of how several datasets share an epoch. */
export const SAMPLING_FLAGS: Flags = {
  sampling: {
    kind: "choice",
    of: SAMPLINGS,
    help: "several datasets: as many images of each an epoch, or by their sizes",
    default: "balanced",
  },
  "images-per-epoch": {
    kind: "integer",
    from: 2,
    to: 10_000_000,
    help: "images an epoch from which weights learn",
    default: "as many as there are for them",
  },
};
