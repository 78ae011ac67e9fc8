import { AUGMENTATION_NAMES, DEFAULT_IMPORT, FITS, SIDE_RANGE, USEFUL_SIDES } from "../data/mod.ts";
import { HEADS, listMethods, OLES_STOPPING } from "../search/mod.ts";
import { isChoice, listSpaces } from "../spaces/mod.ts";
import { DEFAULT_SEARCH, DEFAULT_SHARING, DEFAULT_SIZES, DEFAULT_TRAINING } from "../stages/mod.ts";
import { CLASS_WEIGHTINGS, SAMPLINGS } from "../batches/mod.ts";
import type { Flag, Flags } from "./flag.ts";

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
    path: "build",
    of: ["strict", "relaxed", "single"],
    help: "build of the kernels",
    default: "the fastest that runs here",
  },
};

/** Range of a seed. */
export const SEED_RANGE = { from: 0, to: 2 ** 32 - 1 } as const;

/** Flags of everything that works in a run's folder. */
export const RUN_FLAGS: Flags = {
  seed: { kind: "integer", path: "seed", ...SEED_RANGE, help: "everything random follows from it", default: 0 },
  out: { kind: "text", value: "DIR", help: "folder of the run", default: "runs/COMMAND-DATASET-SEED" },
  resume: {
    kind: "switch",
    help: "continue the run in the folder, to the same end; flags left out are those of before",
  },
  config: {
    kind: "text",
    value: "FILE",
    help: "settings from a YAML or JSON file, such as config.json of a run; flags override them",
  },
  memory: {
    kind: "bytes",
    help:
      "most memory for activations; less is slower, with the same results; images that take more than a quarter of it are read as they are needed",
    default: "1.4 GiB, or as needed",
  },
  ...ENGINE_FLAGS,
};

/** Flag of a dataset; its path is the command's. */
export const DATASET_FLAG = {
  kind: "text",
  value: "NAME|PATH",
  help: "dataset: an embedded one, a folder of class folders, zip, tar, Parquet, npz, CSV … (docs/data.md)",
} as const satisfies Flag;

/** Flag of the folder of decoded images. */
export const CACHE_FLAG = {
  kind: "text",
  value: "DIR",
  help: "folder in which decoded pictures are kept, for the next time",
  default: "$ROOTSTOCK_CACHE, or runs/cache",
} as const satisfies Flag;

/** Flags of how the pictures of a dataset become images. */
export const IMAGE_FLAGS: Flags = {
  image: {
    kind: "integer",
    path: "images.side",
    ...SIDE_RANGE,
    help: "side of the images in pixels, to which pictures are resized",
    default: `of pictures ${
      USEFUL_SIDES.join(", ").replace(/, (?=[^,]*$)/, " or ")
    }, what half of them reach; decoded images keep theirs`,
  },
  "image-channels": {
    kind: "choice",
    path: "images.channels",
    of: [1, 3],
    help: "1: grey, 3: colour",
    default: "grey if no picture has a colour",
  },
  fit: {
    kind: "choice",
    path: "images.fit",
    of: FITS,
    help: "pictures that are not square; crop: their ends are cut off, pad: white is added",
    default: DEFAULT_IMPORT.fit,
  },
  "test-portion": {
    kind: "number",
    path: "images.testPortion",
    from: 0.01,
    to: 0.99,
    help: "share of each class that is set apart for tests, where the files set none apart",
    default: DEFAULT_IMPORT.testPortion,
  },
  "split-seed": {
    kind: "integer",
    path: "images.splitSeed",
    ...SEED_RANGE,
    help: "which images these are",
    default: DEFAULT_IMPORT.splitSeed,
  },
  cache: CACHE_FLAG,
};

/** Flag of the zoo's folder; its path is the command's. */
export const ZOO_FLAG = {
  kind: "text",
  value: "DIR",
  help: "folder of the zoo",
  default: "the project's data/zoo",
} as const satisfies Flag;

/** Kind and range of a number of epochs. */
export const EPOCHS = { kind: "integer", from: 1, to: 10_000 } as const;

/** Kind and range of a number of epochs that may be none. */
export const EPOCHS_OR_NONE = { kind: "integer", from: 0, to: 10_000 } as const;

/** Kind and range of a learning rate. */
export const LEARNING_RATE = { kind: "number", from: 0, to: 10 } as const;

/** Flags of how a network reads its images: the choices of all kinds of space. */
export const CHOICE_FLAGS: Flags = Object.fromEntries(
  listChoices().map(({ name }) => [flagName(name), choiceFlag(name)]),
);

/** The flag of a choice. Kinds of space that have one of the same name share it; each checks what it has. */
function choiceFlag(name: string): Flag {
  const all = listChoices().filter((choice) => choice.name === name);
  const rules = all.map(({ kind, rule }) => all.length > 1 ? `in ${kind} ${rule}` : rule).join("; ");
  const of = [...new Set(all.flatMap((choice) => choice.of))];
  return { kind: "choice", path: `sizes.${name}`, of, help: all[0]!.help, default: rules };
}

/** Flags of a network's sizes. */
export const SIZE_FLAGS: Flags = {
  space: {
    kind: "choice",
    path: "sizes.space",
    of: listSpaces().map(({ name }) => name),
    help: "search space",
    default: DEFAULT_SIZES.space,
  },
  ...Object.fromEntries(listSizes().map(({ name }) => [flagName(name), sizeFlag(name)])),
  ...CHOICE_FLAGS,
};

/** Name of the flag of a setting of a space: `cells-per-stage` of `cellsPerStage`. */
function flagName(setting: string): string {
  return setting.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);
}

function listSizes() {
  return listSpaces().flatMap(({ name: kind, settings }) =>
    settings.flatMap((setting) => isChoice(setting) ? [] : [{ ...setting, kind }])
  );
}

function listChoices() {
  return listSpaces().flatMap(({ name: kind, settings }) =>
    settings.filter(isChoice).map((choice) => ({ ...choice, kind }))
  );
}

/** The flag of a size. Kinds of space that have one of the same name share it; each checks its own bounds. */
function sizeFlag(name: string): Flag {
  const all = listSizes().filter((setting) => setting.name === name);
  const [from, to] = [Math.min(...all.map(({ from }) => from)), Math.max(...all.map(({ to }) => to))];
  const defaults = all.map(({ kind, default: size }) => all.length > 1 ? `${size} in ${kind}` : `${size}`).join(", ");
  return { kind: "integer", path: `sizes.${name}`, from, to, help: all[0]!.help, default: defaults };
}

const SOME_BATCH = "64, or 32 for less than 5,000 images";

/** Flag of the published accuracies of a space. */
export const TABLE_FLAG = {
  kind: "text",
  value: "FILE",
  help: "published accuracies of NAS-Bench-201, csv or csv.gz",
} as const satisfies Flag;

/** Flags of the search. */
export const SEARCH_FLAGS: Flags = {
  method: {
    kind: "choice",
    path: "search.method",
    of: listMethods().map(({ name }) => name),
    value: "NAME",
    help: `search method: ${listMethods().map(({ name }) => name).join(", ")} (rootstock method list)`,
    default: DEFAULT_SEARCH.method,
  },
  table: {
    ...TABLE_FLAG,
    path: "search.table",
    help:
      "published accuracies of NAS-Bench-201, csv or csv.gz: those of the derived cell are told at every validation",
    default: "none",
  },
  order: {
    kind: "choice",
    path: "search.order",
    of: [1, 2],
    help: "order of alpha's gradient",
    default: DEFAULT_SEARCH.order,
  },
  batch: {
    kind: "integer",
    path: "search.batch",
    from: 2,
    to: 4096,
    help: "images a batch of the search",
    default: `${SOME_BATCH}, 16 for less than 2,500`,
  },
  "learning-rate": {
    ...LEARNING_RATE,
    path: "search.learningRate",
    help: "first learning rate of the supernet's weights",
    default: DEFAULT_SEARCH.learningRate,
  },
  "alpha-learning-rate": {
    ...LEARNING_RATE,
    path: "search.alphaLearningRate",
    help: "learning rate of alpha",
    default: DEFAULT_SEARCH.alphaLearningRate,
  },
  "alpha-every": {
    kind: "integer",
    path: "search.alphaEvery",
    from: 1,
    to: 10_000,
    help: "alpha learns in every n-th step; 1 as in DARTS",
    default: DEFAULT_SEARCH.alphaEvery,
  },
  "path-share": {
    kind: "number",
    path: "search.pathShare",
    from: 0,
    to: 1,
    help: "share of the steps in which weights learn in one network drawn from the supernet, not in the mixture",
    default: DEFAULT_SEARCH.pathShare,
  },
  "stop-below": {
    kind: "number",
    path: "search.stopBelow",
    from: -1,
    to: 1,
    help:
      "a candidate operation's weights rest once training and validation gradients point the same way less than that",
    default: `${OLES_STOPPING.threshold} for oles, no limit for other methods`,
  },
  "train-portion": {
    kind: "number",
    path: "search.trainPortion",
    from: 0.01,
    to: 0.99,
    help: "share of the training images from which weights learn; alpha and the validation have the rest",
    default: DEFAULT_SEARCH.trainPortion,
  },
  recalibration: {
    kind: "integer",
    path: "search.recalibration",
    from: 0,
    to: 10_000,
    help: "batches whose means running statistics become before each validation; 0: they trail the steps, as in DARTS",
    default: DEFAULT_SEARCH.recalibration,
  },
  validations: {
    kind: "integer",
    path: "search.validations",
    from: 1,
    to: 1000,
    help:
      "validations in the first epoch, evenly spread; the second has half as many, the third a third, and so on, at least one; they change nothing but what is known of the curve",
    default: DEFAULT_SEARCH.validations,
  },
};

/** Flag of where a head comes from: the one explanation of its values. */
export const HEAD_FLAG = {
  kind: "choice",
  path: "search.head",
  of: HEADS,
  help:
    "the new head; refitted: fitted in closed form before the first epoch and again at every validation, beside the trained one, and the better counts; closed-form: fitted before the first epoch only; random: as in DARTS",
} as const satisfies Flag;

/** Kind and range of a parameter of mixing. */
const MIXING = { kind: "number", from: 0, to: 2, default: 0 } as const;

/** Flags of what is minimised, how training images are varied, and which weights count: the same for all that learns. */
export const LEARNING_FLAGS: Flags = {
  "class-weights": {
    kind: "choice",
    path: "loss.classWeights",
    of: CLASS_WEIGHTINGS,
    help: "classes in the loss; balanced: each counts alike, however few images it has",
    default: "none",
  },
  "label-smoothing": {
    kind: "number",
    path: "loss.labelSmoothing",
    from: 0,
    to: 0.9,
    help: "share of the loss that all classes have alike; 0.1 is customary",
    default: 0,
  },
  augment: {
    kind: "choice",
    path: "variation.augment",
    of: AUGMENTATION_NAMES,
    help:
      "how training images are varied; flip: mirrored; light: shifted by an eighth, too; scale: mirrored parts of at least 0.35 of the area, brought to size; photo: and brightness, contrast, saturation changed by up to 0.4",
    default: "as the dataset says",
  },
  mixup: {
    ...MIXING,
    path: "variation.mixup",
    help: "mix training images, and their classes, pixel by pixel: parameter of the Beta distribution of the shares",
  },
  cutmix: {
    ...MIXING,
    path: "variation.cutmix",
    help: "put a part of another training image in, likewise; with both, each image has one by equal chance",
  },
  "weights-mean": {
    kind: "number",
    path: "weights.mean",
    from: 0,
    to: 0.99999,
    help:
      "decay of the exponential mean of the weights over the steps, which is validated and saved in their place; 0.999 is customary, 0: none",
    default: 0,
  },
};

/** Limit of a run's time. */
export const TIME_LIMIT = {
  kind: "duration",
  path: "budget.timeLimit",
  from: 1,
  to: 30 * 24 * 3600,
  help:
    "end within it, as in 90s, 10m or 2h: epochs are left out in proportion where time is short, and the result says so; it then depends on the machine's speed",
  default: "no limit",
} as const satisfies Flag;

/** Limit of a derived network's size. */
export const SIZE_LIMIT = {
  kind: "integer",
  path: "budget.maxParameters",
  from: 1,
  to: 1_000_000_000,
  help: "most parameters of the derived network",
  default: "no limit",
} as const satisfies Flag;

/** Flags of the final network's training, but for its epochs. */
export const TRAINING_FLAGS: Flags = {
  "train-batch": {
    kind: "integer",
    path: "training.batch",
    from: 2,
    to: 4096,
    help: "images a batch of the training",
    default: SOME_BATCH,
  },
  "train-learning-rate": {
    ...LEARNING_RATE,
    path: "training.learningRate",
    help: "first learning rate of the training; it falls to 0",
    default: DEFAULT_TRAINING.learningRate,
  },
  "drop-path": {
    kind: "number",
    path: "training.dropPath",
    from: 0,
    to: 0.95,
    help: "share of paths dropped at the end of the training",
    default: DEFAULT_TRAINING.dropPath,
  },
  auxiliary: {
    kind: "number",
    path: "training.auxiliary",
    from: 0,
    to: 10,
    help: "weight of the auxiliary head's loss (0.4 in the paper), 0: none",
    default: DEFAULT_TRAINING.auxiliary,
  },
  cutout: {
    kind: "integer",
    path: "training.cutout",
    from: 0,
    to: 256,
    help: "side of the square cut out of images",
    default: "the dataset's",
  },
};

/** The same for commands that do nothing but train, without `train-` before names. */
export const ONLY_TRAINING_FLAGS: Flags = Object.fromEntries(
  Object.entries(TRAINING_FLAGS).map(([name, flag]) => [name.replace(/^train-/, ""), flag]),
);

/** Flags of how several datasets share an epoch. */
export const SHARING_FLAGS: Flags = {
  sampling: {
    kind: "choice",
    path: "sharing.sampling",
    of: SAMPLINGS,
    help: "several datasets: as many images of each an epoch, or by their sizes",
    default: DEFAULT_SHARING.sampling,
  },
  "images-per-epoch": {
    kind: "integer",
    path: "sharing.imagesPerEpoch",
    from: 2,
    to: 10_000_000,
    help: "images an epoch from which weights learn",
    default: "as many as there are for them",
  },
};
