import { defaultAugmentation, everyImage, firstIndices, type LabelledImages, splitTask } from "../batches/mod.ts";
import type { Engine, Network } from "../engine/mod.ts";
import { collectState, type State } from "../network/mod.ts";
import { batchFor, DARTS_TRAINING, searchBatchFor, type TrainingSettings, WeightTraining } from "../search/mod.ts";
import { buildDerivedNetwork, choicesOf, type Space } from "../spaces/mod.ts";
import { beginFinetuning, continueNetwork, fitNewHead, graftedBody, graftedSpace } from "../transfer/mod.ts";
import { type LearntNetwork, type ModelParts, shapeOf } from "./learnt_network.ts";
import { type Picture, preparePictures } from "./picture.ts";

/** How far a finetuning is. */
export interface FinetuneProgress {
  /**
   * `head`: a head is fitted, and nothing else has changed; `finetune`: all weights learn from half of the pictures; `train`: from all of
   * them.
   */
  readonly stage: "head" | "finetune" | "train";
  /** Share of the work that is done, 0 to 1. */
  readonly done: number;
  /** Epochs of the stage that are done; a fraction within one. */
  readonly epoch: number;
  /** Epochs of the stage. */
  readonly epochs: number;
  /** Mean cross-entropy of the epoch so far, in nats, while the weights change; of the head on pictures left out of its fit. */
  readonly loss: number;
  /** Share of right answers on pictures that are not learnt from: after the head's fit and each epoch of `finetune`. */
  readonly accuracy?: number | undefined;
}

/** How a model learns. */
export interface FinetuneOptions {
  /** Names of the classes in their order, each with a picture at least; those of the labels in alphabetical order if left out. */
  readonly classes?: readonly string[] | undefined;
  /**
   * Epochs of either stage; 0: the head is fitted to all pictures, and the body stays. If left out, 10 on half of the pictures and 15 on
   * all.
   */
  readonly epochs?: number | undefined;
  /** Seed of all that is random, 0 if left out: equal pictures and seeds give equal bits. */
  readonly seed?: number | undefined;
  /** Told after the head's fit, every step and every epoch. */
  readonly onProgress?: ((progress: FinetuneProgress) => void) | undefined;
  /** Ends the work at the next step. */
  readonly signal?: AbortSignal | undefined;
}

/** What is learnt from. */
export interface Lesson {
  /** The pictures. */
  readonly pictures: readonly Picture[];
  /** Name of the class of each. */
  readonly labels: readonly string[];
}

// The recipe is that of the command `traditional`, whose defaults a test compares.
const EPOCHS = { finetune: 10, train: 15 };
const TRAIN_PORTION = 0.5;
const RECALIBRATION = 16;

/** Fewest pictures: two that learn, two that validate. */
const FEWEST = 4;

/** All that the stages work on. */
interface Course {
  readonly engine: Engine;
  readonly source: LearntNetwork;
  readonly space: Space;
  readonly data: LabelledImages;
  readonly epochs: { readonly finetune: number; readonly train: number };
  readonly seed: number;
  readonly tell: (progress: FinetuneProgress) => void;
  readonly signal: AbortSignal | undefined;
}

/**
 * Finetunes a network on pictures, as the command `traditional` does.
 *
 * @param parts The network and its engine.
 * @param lesson Pictures and labels.
 * @param options See `Model.finetune`.
 * @returns The network, with the classes of the lesson.
 * @throws {RangeError} If labels, classes, epochs and pictures do not fit each other, or a loss is no longer finite.
 * @throws The signal's reason, if it is aborted.
 */
export async function finetune(
  { engine, decode, learnt: source }: Omit<ModelParts, "program">,
  { pictures, labels }: Lesson,
  options: FinetuneOptions,
): Promise<LearntNetwork> {
  const { epochs, seed = 0, signal, onProgress: tell = () => {} } = options;
  const classes = listClasses(labels, options.classes);
  checkLesson({ pictures, labels }, { classes, epochs, seed });
  signal?.throwIfAborted();
  const shape = shapeOf(source);
  const pixels = await preparePictures(pictures, { engine, shape, decode });
  const images = engine.loadImages(pixels, { ...shape, count: pictures.length });
  try {
    const data = labelImages(images, { labels, classes });
    const space = graftedSpace(source.space, { ...shape, classes: classes.length }, "both", choicesOf(source.space));
    const stages = epochs === undefined ? EPOCHS : { finetune: epochs, train: epochs };
    const course: Course = { engine, source, space, data, epochs: stages, seed, tell, signal };
    const state = await (epochs === 0 ? fitAlone(course) : finetuneOnHalf(course).then((half) =>
      trainOnAll(course, half)
    ));
    const { mean, std } = data.parts[0]!;
    return describe(source, { space, classes, mean, std, state });
  } finally {
    images.free();
  }
}

function describe(
  { genotype, fit, images, about }: LearntNetwork,
  learnt: Pick<LearntNetwork, "space" | "classes" | "mean" | "std" | "state">,
): LearntNetwork {
  const { space, classes, mean, std, state } = learnt;
  const data = `pictures of ${classes.length} classes`;
  // Name and card were those of other classes; terms of use bind whatever is made of the weights.
  const terms = about?.licence === undefined ? undefined : { licence: about.licence };
  return { space, genotype, classes, mean, std, data, images, about: terms, fit, state };
}

function listClasses(labels: readonly string[], classes: readonly string[] | undefined): readonly string[] {
  return classes ?? [...new Set(labels)].sort();
}

function checkLesson(
  { pictures, labels }: Lesson,
  { classes, epochs = 1, seed }: { classes: readonly string[]; epochs?: number | undefined; seed: number },
): void {
  const fail = (found: string, expected: string) => {
    throw new RangeError(`Cannot finetune: found ${found}, expected ${expected}`);
  };
  if (labels.length !== pictures.length) {
    fail(`${labels.length} labels for ${pictures.length} pictures`, "a label for each");
  }
  if (pictures.length < FEWEST) fail(`${pictures.length} pictures`, `at least ${FEWEST}`);
  if (classes.length < 2) fail(`${classes.length} classes`, "at least 2");
  if (new Set(classes).size < classes.length) fail("a class twice", "each once");
  const unknown = labels.find((label) => !classes.includes(label));
  if (unknown !== undefined) fail(`the label ${JSON.stringify(unknown)}`, "one of the classes");
  const empty = classes.find((name) => !labels.includes(name));
  if (empty !== undefined) fail(`no picture of ${JSON.stringify(empty)}`, "at least one of each class");
  if (!Number.isInteger(epochs) || epochs < 0) fail(`${epochs} epochs`, "a whole number from 0");
  if (!Number.isSafeInteger(seed) || seed < 0) fail(`the seed ${seed}`, "a whole number from 0");
}

/** The pictures as a dataset of their own: normalised by their own mean and deviation, varied as datasets are that do not say how. */
function labelImages(
  images: LabelledImages["images"],
  { labels, classes }: { labels: readonly string[]; classes: readonly string[] },
): LabelledImages {
  const { count, height, width } = images;
  const part = {
    ...images.statistics(firstIndices(count)),
    augment: defaultAugmentation(height, width),
    first: 0,
    labels: labels.map((label) => classes.indexOf(label)),
    classes: classes.length,
    firstClass: 0,
  };
  return { images, count, parts: [part] };
}

function settingsFor(epochs: number, batch: number): TrainingSettings {
  return { ...DARTS_TRAINING, epochs, batch, dropPath: 0 };
}

/** Compiles the network, has it learn, and copies its state. */
async function withNetwork(
  { engine, space, source: { genotype } }: Course,
  batch: number,
  work: (network: Network) => Promise<{ readonly batchesTracked: number }> | { readonly batchesTracked: number },
): Promise<State> {
  const network = engine.compile(buildDerivedNetwork({ space, genotype }), { batch });
  try {
    return collectState(network, await work(network));
  } finally {
    network.free();
  }
}

/** The body as it is, under a head that is fitted to all pictures. */
async function fitAlone(course: Course): Promise<State> {
  const { engine, data, seed, tell } = course;
  const batch = searchBatchFor({ train: data });
  return await withNetwork(course, batch, (network) => {
    const indices = firstIndices(data.count);
    const fitted = fitNewHead(network, bodyFor(course, network), { engine, data, indices, batch, seed });
    const { loss, accuracy } = fitted.head;
    tell({ stage: "head", done: 1, epoch: 0, epochs: 0, loss, accuracy });
    return fitted;
  });
}

function bodyFor({ source, space }: Course, network: Network): State {
  return graftedBody(source, { space, network });
}

/** All weights learn from half of the pictures; the others validate. */
async function finetuneOnHalf(course: Course): Promise<State> {
  const { engine, data, seed, tell, epochs: { finetune: epochs } } = course;
  const batch = searchBatchFor({ train: data });
  return await withNetwork(course, batch, async (network) => {
    const { learner, head } = beginFinetuning(network, bodyFor(course, network), {
      engine,
      data,
      split: splitTask(engine, { train: data }, { seed, trainPortion: TRAIN_PORTION }),
      learns: "all",
      settings: settingsFor(epochs, batch),
      recalibration: RECALIBRATION,
      refitsHead: true,
      augment: {},
      seed,
    });
    tell({ stage: "head", done: 0, epoch: 0, epochs, loss: head.loss, accuracy: learner.evaluate()!.accuracy });
    return await drive(course, "finetune", learner);
  });
}

/** All weights learn from all pictures, from where they are. */
async function trainOnAll(course: Course, state: State): Promise<State> {
  const { engine, data, seed, epochs: { train: epochs } } = course;
  const batch = batchFor({ train: data });
  return await withNetwork(course, batch, async (network) => {
    const batchesTracked = continueNetwork(network, state, { learns: "all", seed });
    const images = everyImage(firstIndices(data.count));
    const options = { engine, network, data, images, augment: {}, learns: "all", seed } as const;
    const learner = new WeightTraining({ ...options, settings: settingsFor(epochs, batch) }, batchesTracked);
    return await drive(course, "train", learner);
  });
}

/** Lets a network learn to its end; whoever wants to stop it, or to draw, gets a turn after each step. */
async function drive(
  course: Course,
  stage: "finetune" | "train",
  learner: WeightTraining,
): Promise<{ batchesTracked: number }> {
  const { clock } = learner;
  while (!clock.isDone) {
    while (!clock.isEpochOver) {
      course.signal?.throwIfAborted();
      learner.takeStep();
      course.tell({ stage, ...standing(course, stage, clock), loss: clock.train.loss });
      await new Promise<void>((resolve) => setTimeout(resolve));
    }
    const { train, validation } = learner.finishEpoch();
    course.tell({ stage, ...standing(course, stage, clock), loss: train.loss, accuracy: validation?.accuracy });
  }
  learner.adopt();
  return clock;
}

/** Where a stage stands, in itself and in the whole: an epoch on half of the pictures is half of one on all. */
function standing({ epochs }: Course, stage: "finetune" | "train", { epochsDone: epoch }: WeightTraining["clock"]) {
  const before = stage === "finetune" ? 0 : TRAIN_PORTION * epochs.finetune;
  const passed = before + epoch * (stage === "finetune" ? TRAIN_PORTION : 1);
  return { done: passed / (TRAIN_PORTION * epochs.finetune + epochs.train), epoch, epochs: epochs[stage] };
}
