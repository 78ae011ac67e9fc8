import { basename } from "node:path";
import { splitTask } from "../batches/mod.ts";
import { type ImportSettings, printable } from "../data/mod.ts";
import type { ClassifierFit, Engine } from "../engine/mod.ts";
import { evaluateRows, type Features, fitRows, networkFeatures, onnxFeatures, takeRows } from "../features/mod.ts";
import { AMOUNT, hasShape, listOf, oneOf, record, SHARE, TEXT, whole } from "../run/mod.ts";
import {
  chooseSource,
  DEFAULT_IMAGES,
  DEFAULT_SOURCE,
  EPOCH_SHAPE,
  type EpochRecord,
  openRunTask,
  type Session,
  type SourceGroup,
} from "../stages/mod.ts";
import type { Task } from "../tasks/mod.ts";
import { TRANSFER_DEFAULTS } from "./transfer.ts";

/** Whose features are taken of what. */
export interface FeaturesOptions {
  /** Target dataset: name or folder. */
  readonly target: string;
  /** How pictures become images. */
  readonly images: ImportSettings;
  /** Zoo entry whose network gives the features, where no file does. */
  readonly source: SourceGroup;
  /** Where else they come from. */
  readonly extractor: {
    /** An ONNX file ({@linkcode onnxFeatures}); the source's network if left out. */
    readonly file?: string | undefined;
  };
  /** Share of the training images to which a head is fitted; the others validate it. */
  readonly trainPortion: number;
  /** The user's seed. */
  readonly seed: number;
}

/** Defaults: as of a transfer. */
export const FEATURES_DEFAULTS: Omit<FeaturesOptions, "target"> = {
  images: DEFAULT_IMAGES,
  source: DEFAULT_SOURCE,
  extractor: {},
  trainPortion: TRANSFER_DEFAULTS.search.trainPortion,
  seed: 0,
};

/** What frozen features and a fitted head come to: the run's `result.json`. */
export interface FeaturesResult {
  /** Command. */
  readonly command: "features";
  /** Dataset, as the user named it. */
  readonly data: string;
  /** The user's seed. */
  readonly seed: number;
  /** Entry of the zoo, or name of the file, that gave the features. */
  readonly source: string;
  /** Features of an image. */
  readonly features: number;
  /** No epoch was needed. */
  readonly epochs: 0;
  /** Seconds from the dataset to the head. */
  readonly seconds: number;
  /** The head on a part of the training images: epoch 0. */
  readonly start: EpochRecord;
  /** Nothing more. */
  readonly curve: readonly EpochRecord[];
  /** Share of the other training images that it classified rightly. */
  readonly validAccuracy: number;
  /** Share of the test images that the head on all training images classified rightly. */
  readonly testAccuracy: number;
  /** Its mean loss on them, in nats. */
  readonly testLoss: number;
  /** Numbers of the network with the head. */
  readonly parameters: number;
  /** Multiply-adds for one image; null if the file does not tell. */
  readonly macs: number | null;
  /** Build, mode, threads. */
  readonly [further: string]: unknown;
}

/** Whether a value, such as the content of a `result.json`, is the result of {@linkcode features}. */
export function isFeaturesResult(value: unknown): value is FeaturesResult {
  return hasShape(value, RESULT_SHAPE);
}

const RESULT_SHAPE = record({
  command: oneOf("features"),
  data: TEXT,
  seed: whole(0),
  source: TEXT,
  features: whole(1),
  epochs: whole(0),
  seconds: AMOUNT,
  start: EPOCH_SHAPE,
  curve: listOf(EPOCH_SHAPE),
  validAccuracy: SHARE,
  testAccuracy: SHARE,
  testLoss: AMOUNT,
  parameters: whole(0),
  macs: (value, place) => value === null ? undefined : whole(0)(value, place),
});

/** Features of a target with the head fitted to all of its training images, and the seconds that both took. */
interface Probed {
  readonly key: string;
  readonly features: Features;
  readonly head: ClassifierFit;
  readonly seconds: number;
}

// Neither depends on the seed: a comparison asks for them once a seed. Their seconds count each time.
const LAST = new WeakMap<Engine, Probed>();

/**
 * Takes the features that a frozen network gives of a dataset, and fits a linear head to them in closed form: the opponent that
 * needs no training.
 *
 * As in a transfer, a head is fitted to those training images from which a supernet's weights would learn with this seed, and
 * validated on the others; then one to all of them, which is tested. The run's folder gets `result.json`.
 *
 * @param session The run and its engine.
 * @param options Target, and the network.
 * @returns The result; that of before if the run was finished already.
 * @throws {Interrupted} If asked to stop; the run begins anew then.
 * @throws {DataError | RunError | RangeError} If something given does not fit; one line.
 */
export async function features(session: Session, options: FeaturesOptions): Promise<FeaturesResult> {
  const finished = await session.finishedResult(isFeaturesResult);
  if (finished !== undefined) return finished;
  const { target, extractor: { file }, seed } = options;
  const task = await openRunTask(session, [target], options);
  const choice = file === undefined ? await chooseSource(session, options) : undefined;
  const source = choice?.source ?? printable(basename(file!));
  session.emit({ type: "stage", stage: "features", text: `features of ${target} from ${source}` });
  using _ = session.heedInterrupt();
  const { features, head } = await probe(session, { options, task, source });
  const { start, validAccuracy } = validate(session, { options, task, features });
  const { loss, accuracy } = evaluateRows(session.engine, rowsOf(task, features, "test"), head);
  const result: FeaturesResult = {
    ...session.circumstances,
    command: "features",
    data: target,
    seed,
    source,
    sourceChoice: choice?.sourceChoice,
    features: featuresOf(task, features),
    epochs: 0,
    seconds: session.seconds(),
    start,
    curve: [],
    validAccuracy,
    testAccuracy: accuracy,
    testLoss: loss,
    parameters: features.parameters + head.weights.length + head.biases.length,
    macs: features.macs === null ? null : features.macs + head.weights.length,
  };
  await session.run.writeResult(result);
  return result;
}

/** What does not depend on the seed: computed, or remembered of the run before. */
async function probe(
  session: Session,
  { options, task, source }: { options: FeaturesOptions; task: Task; source: string },
): Promise<Probed> {
  const { engine } = session;
  const { source: { zoo }, extractor: { file } } = options;
  const { fingerprint, height, width, channels } = task;
  const stamp = file && await stampOf(file);
  const key = JSON.stringify([fingerprint, height, width, channels, source, zoo ?? "", file ?? "", stamp]);
  const last = LAST.get(engine);
  if (last?.key === key) {
    session.addSeconds(last.seconds);
    return last;
  }
  const startedAt = performance.now();
  const features = file === undefined
    ? await networkFeatures(engine, task, { name: source, zoo })
    : await onnxFeatures(engine, task.datasets[0]!, { file, onBatch: () => session.requireUninterrupted() });
  session.emit({ type: "stage", stage: "features", text: `fitting a head to ${featuresOf(task, features)} features` });
  const head = fitRows(engine, rowsOf(task, features, "train"), task.classes.length);
  const found = { key, features, head, seconds: (performance.now() - startedAt) / 1000 };
  LAST.set(engine, found);
  return found;
}

/** When a file was written: another one in its place is read again. */
async function stampOf(file: string): Promise<number> {
  return (await Deno.stat(file).catch(() => undefined))?.mtime?.getTime() ?? 0;
}

/** Fits a head to a part of the training images and tries it on the others. */
function validate(
  session: Session,
  { options, task, features }: { options: FeaturesOptions; task: Task; features: Features },
): { start: EpochRecord; validAccuracy: number } {
  const { engine } = session;
  const split = splitTask(engine, task, options);
  const rows = rowsOf(task, features, "train");
  const { weights, biases, loss, accuracy } = fitRows(engine, takeRows(rows, split.weights.at(0)), task.classes.length);
  const valid = evaluateRows(engine, takeRows(rows, split.validation[0]!), { weights, biases });
  const start: EpochRecord = {
    epoch: 0,
    seconds: session.seconds(),
    trainLoss: loss,
    trainAccuracy: accuracy,
    validLoss: valid.loss,
    validAccuracy: valid.accuracy,
  };
  return { start, validAccuracy: valid.accuracy };
}

function rowsOf(task: Task, features: Features, part: "train" | "test") {
  return { features: features[part], labels: task[part].parts[0]!.labels };
}

function featuresOf(task: Task, { train }: Features): number {
  return train.length / task.train.count;
}
