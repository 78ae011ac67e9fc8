import { join } from "node:path";
import { type CompleteImport, completeImport } from "../data/mod.ts";
import { asState, type State } from "../network/mod.ts";
import { checkGenotype, checkSpace, type Genotype, type Space, wholeSpace } from "../spaces/mod.ts";
import { decodeSafetensors, encodeSafetensors } from "../formats/mod.ts";
import { type RunDirectory, RunError } from "../run/mod.ts";
import { firstIndices } from "../batches/mod.ts";
import { type Task } from "../tasks/mod.ts";

/** A trained network with all that a prediction needs. */
export interface Model {
  /** Sizes. */
  readonly space: Space;
  /** Architecture. */
  readonly genotype: Genotype;
  /** Names of the classes, in the order of the logits. */
  readonly classes: readonly string[];
  /** Mean of each channel of the images, in units of byte / 255. */
  readonly mean: readonly number[];
  /** Standard deviation of each channel, in the same unit. */
  readonly std: readonly number[];
  /** Dataset that it was trained on, as the user named it. */
  readonly data: string;
  /** How pictures became its images, and which images were set apart for tests. */
  readonly images: CompleteImport;
  /** Weights, running statistics and their counters. */
  readonly state: State;
}

/** File of a trained network in a run's folder: safetensors, the rest of the model as JSON in its metadata. */
export const MODEL_FILE = "network.safetensors";

const FORMAT = "rootstock-network-1";

/** Writes a trained network into a run's folder. */
export async function writeModel(run: RunDirectory, model: Model): Promise<void> {
  await run.writeTensors(MODEL_FILE, model.state, metadataOf(model));
}

/** A trained network as the bytes of its file. */
export function encodeModel(model: Model): Uint8Array {
  return encodeSafetensors(model.state, metadataOf(model));
}

function metadataOf({ state: _, space, ...rest }: Model): Record<string, string> {
  // What else the supernet's edges held is of no interest to a network that was cut out of it.
  return { format: FORMAT, model: JSON.stringify({ space: wholeSpace(space), ...rest }) };
}

/** Collects what a model holds beside its weights; mean and deviation are those of all training images together. */
export function describeModel(
  { classes, train, datasets }: Pick<Task, "classes" | "train" | "datasets">,
  data: string,
): Pick<Model, "classes" | "mean" | "std" | "data" | "images"> {
  return { classes, ...train.images.statistics(firstIndices(train.count)), data, images: datasets[0]!.images };
}

/**
 * Reads a trained network.
 *
 * @param path The file, or the folder of a run that holds one.
 * @returns The network, checked but for the fit of weights and architecture.
 * @throws {RunError} If there is no such file, or it is damaged or holds something else.
 */
export async function readModel(path: string): Promise<Model> {
  const file = path.endsWith(".safetensors") ? path : join(path, MODEL_FILE);
  let bytes: Uint8Array;
  try {
    bytes = await Deno.readFile(file);
  } catch (cause) {
    if (!(cause instanceof Deno.errors.NotFound || cause instanceof Deno.errors.NotADirectory)) throw cause;
    throw new RunError(`Cannot read ${file}: found no such file, expected that of a finished train or transfer run`, {
      cause,
    });
  }
  return decodeModel(bytes, { file });
}

/**
 * Reads a trained network from the bytes of its file.
 *
 * @param bytes The whole file.
 * @param options `file`: its path, for messages.
 * @returns The network, checked but for the fit of weights and architecture.
 * @throws {RunError} If it is damaged or holds something else.
 */
export function decodeModel(bytes: Uint8Array, { file }: { file: string }): Model {
  const { tensors, metadata } = decodeSafetensors(bytes, { file });
  if (metadata.format !== FORMAT) {
    const found = JSON.stringify(metadata.format) ?? "not given";
    throw new RunError(`Cannot read ${file}: format is ${found}, expected ${FORMAT}`);
  }
  try {
    const model = JSON.parse(metadata.model ?? "null") as Omit<Model, "state">;
    const space = checkSpace(model.space);
    const genotype = checkGenotype(model.genotype, space.name);
    const { classes, mean, std, data } = model;
    const isWhole = [classes, mean, std].every(Array.isArray) && typeof data === "string" &&
      classes.length === space.classes && mean.length === std.length && [...mean, ...std].every(Number.isFinite);
    if (!isWhole) throw new TypeError("classes, mean, std and data do not fit each other");
    // Models of before pictures could be imported have no settings of it.
    const images = completeImport(model.images ?? {});
    return { space, genotype, classes, mean, std, data, images, state: asState(tensors) };
  } catch (cause) {
    throw new RunError(`Cannot read ${file}: ${(cause as Error).message}`, { cause });
  }
}
