import { join } from "node:path";
import { type CompleteImport, completeImport, type Dataset } from "../data/mod.ts";
import {
  checkWeights,
  costOfDerivedNetwork,
  type TrainedNetwork,
  trainedNetworkOf,
  wholeSpace,
} from "../spaces/mod.ts";
import {
  type About,
  checkFinite,
  decodeNetwork,
  encodeNetwork,
  type NetworkDescription,
  type NetworkFile,
  networkMetadata,
  type Precision,
} from "../formats/mod.ts";
import { MOST_BYTES, readRegularFile, type RunDirectory, RunError } from "../run/mod.ts";
import { firstIndices } from "../batches/mod.ts";
import { type Task } from "../tasks/mod.ts";

/** A trained network with all that a prediction needs, and where it comes from. */
export interface Model extends TrainedNetwork {
  /** Dataset that it was trained on, as the user named it. */
  readonly data: string;
  /** Fingerprint of that dataset; absent for several, and in files of before it was kept. */
  readonly fingerprint?: string | undefined;
  /** How pictures became its images, and which images were set apart for tests. */
  readonly images: CompleteImport;
  /** Name, licence and card, if it was given any. */
  readonly about?: About | undefined;
}

/** File of a trained network in a run's folder: safetensors, the rest of the model as JSON in its metadata. */
export const MODEL_FILE = "network.safetensors";

/** Writes a trained network into a run's folder. */
export async function writeModel(run: RunDirectory, model: Model): Promise<void> {
  await run.writeTensors(MODEL_FILE, model.state, networkMetadata(describe(model)));
}

/**
 * A trained network as the bytes of its file.
 *
 * @param model The network.
 * @param precision How it holds the weights.
 * @returns The file, as `network.safetensors` of a run and `.rootstock` files are.
 */
export async function encodeModel(model: Model, precision?: Precision): Promise<Uint8Array<ArrayBuffer>> {
  return await encodeNetwork({ description: describe(model), tensors: model.state }, { precision });
}

function describe({ state: _, space, ...rest }: Model): NetworkDescription {
  // What else the supernet's edges held is of no interest to a network that was cut out of it.
  return { space: wholeSpace(space), ...rest };
}

/** Collects what a model holds beside its weights; mean and deviation are those of all training images together. */
export function describeModel(
  { classes, train, datasets }: Pick<Task, "classes" | "train" | "datasets">,
  data: string,
): Pick<Model, "classes" | "mean" | "std" | "data" | "fingerprint" | "images"> {
  const [{ images, fingerprint }] = datasets as [Dataset];
  return {
    classes,
    ...train.images.statistics(firstIndices(train.count)),
    data,
    fingerprint: datasets.length === 1 ? fingerprint : undefined,
    images,
  };
}

/**
 * Reads a trained network.
 *
 * @param path The file (`.safetensors` or `.rootstock`), or the folder of a run that holds one.
 * @returns The network, checked: its checksum, its tensors against its architecture, finite numbers.
 * @throws {RunError | FormatError} If there is no such file, or it is damaged or holds something else.
 */
export async function readModel(path: string): Promise<Model> {
  const file = isModelFile(path) ? path : join(path, MODEL_FILE);
  const bytes = await readRegularFile(file, { maximumBytes: MOST_BYTES.tensors });
  if (bytes === undefined) throw new RunError(`Cannot read ${file}: found no such file: ${await explainAbsence(path)}`);
  return await decodeModel(bytes, { file });
}

/** Whether a path is by its name a file of a network, not the folder of a run. */
export function isModelFile(path: string): boolean {
  return path.endsWith(".safetensors") || path.endsWith(".rootstock");
}

/** Why there is no network: no run, one that is not finished, or one that never makes a network. */
async function explainAbsence(path: string): Promise<string> {
  if (isModelFile(path)) return "expected that of a finished train or transfer run";
  const config = join(path, "config.json");
  if (await readRegularFile(config, { maximumBytes: MOST_BYTES.settings }) === undefined) {
    return `${path} is no run, expected the folder of a finished train or transfer run`;
  }
  const isFinished = await readRegularFile(join(path, "result.json"), { maximumBytes: MOST_BYTES.json }) !== undefined;
  return isFinished
    ? "the run made no network, expected a train or transfer run"
    : `the run is not finished, continue it with --resume --out ${path}`;
}

/**
 * Reads a trained network from the bytes of its file.
 *
 * @param bytes The whole file.
 * @param options `file`: its path, for messages.
 * @returns The network, checked: its checksum, its tensors against its architecture, finite numbers.
 * @throws {RunError | FormatError} If it is damaged or holds something else.
 */
export async function decodeModel(bytes: Uint8Array, { file }: { file: string }): Promise<Model> {
  return checkModel(modelOf(await decodeNetwork(bytes, { file }), file), file);
}

function modelOf(network: NetworkFile, file: string): Model {
  const { data, fingerprint, images, about } = network.description;
  try {
    // Models of before pictures could be imported have no settings of it.
    return { ...trainedNetworkOf(network), data, fingerprint, images: completeImport(images ?? {}), about };
  } catch (cause) {
    throw new RunError(`Cannot read ${file}: ${(cause as Error).message}`, { cause });
  }
}

/**
 * Checks that the weights of a network are those of its architecture, and finite.
 *
 * @param model The network.
 * @param file Its file, for messages.
 * @returns The network.
 * @throws {RunError | FormatError} If they are not; names the tensor.
 */
export function checkModel(model: Model, file: string): Model {
  try {
    checkWeights(model.state, costOfDerivedNetwork(model).tensors);
  } catch (cause) {
    throw new RunError(`Cannot read ${file}: ${(cause as Error).message}`, { cause });
  }
  checkFinite(model.state, { file });
  return model;
}
