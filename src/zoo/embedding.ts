import { batchesOf, firstIndices } from "../batches/mod.ts";
import { shippedPath } from "../data/mod.ts";
import type { Engine } from "../engine/mod.ts";
import { sha256 } from "../formats/mod.ts";
import { loadState } from "../network/mod.ts";
import { MOST_BYTES, readRegularFile, RunError } from "../run/mod.ts";
import { featuresOf } from "../search/mod.ts";
import { buildDerivedNetwork } from "../spaces/mod.ts";
import { decodeModel } from "./model_file.ts";
import { HOW_TO_FETCH } from "./published.ts";

/**
 * SHA-256 of the embedding network's file. Signatures name it, for features of different networks cannot be compared. Whoever
 * puts another network there renews this and the length, and signs all entries anew.
 */
export const EMBEDDING_DIGEST = "7f05ee065b41fe674c71e5fcca960bd0aa4584cce91a37616435d5831c372dee";

/** Length of that file, by which a download of it is checked. */
export const EMBEDDING_BYTES = 282_160;

/** Name of the file beside the zoo. */
export const EMBEDDING_FILE = "embedding.safetensors";

/** Rows and columns of a picture that is embedded; it is in colour. */
export const EMBEDDING_SIDE = 32;

/** Images a batch; features do not depend on it. */
const BATCH = 50;

/** Turns the pictures of a dataset into features, the same way for every dataset and every entry. */
export interface Embedder extends Disposable {
  /** The engine that it runs on. */
  readonly engine: Engine;
  /**
   * Embeds the pictures of one dataset, normalised by their own mean and deviation as datasets always are.
   *
   * @param pixels Bytes, [images, 32, 32, 3] row-major.
   * @returns [images, features] row-major, each row of length 1.
   */
  embed(pixels: Uint8Array): Float32Array;
}

/** Path of the embedding network: a derived, trained network whose classifier is not used. */
export function embeddingFile(): string {
  return shippedPath(EMBEDDING_FILE);
}

/**
 * Opens the embedding network: one frozen network for all entries of all zoos, so that distances in its features can be compared.
 *
 * @param engine Runs it.
 * @returns What embeds pictures; to be disposed of.
 * @throws {RunError | FormatError} If the file is missing, damaged, or another one; one line.
 */
export async function openEmbedder(engine: Engine): Promise<Embedder> {
  const file = embeddingFile();
  const bytes = await readRegularFile(file, { maximumBytes: MOST_BYTES.tensors });
  const digest = bytes && await sha256(bytes);
  if (bytes === undefined) {
    throw new RunError(`Cannot use ${file}: found no such file, expected that of the zoo: ${HOW_TO_FETCH}`);
  }
  if (digest !== EMBEDDING_DIGEST) {
    throw new RunError(`Cannot use ${file}: found ${digest}, expected checksum ${EMBEDDING_DIGEST}`);
  }
  const { space, genotype, state } = await decodeModel(bytes, { file });
  const side = { height: EMBEDDING_SIDE, width: EMBEDDING_SIDE };
  const program = buildDerivedNetwork({ space: { ...space, ...side }, genotype });
  const network = engine.compile(program, { batch: BATCH, isInference: true });
  loadState(network, state);
  return {
    engine,
    embed(pixels) {
      const count = pixels.length / (EMBEDDING_SIDE ** 2 * 3);
      const images = engine.loadImages(pixels, { count, ...side, channels: 3 });
      try {
        const { mean, std } = images.statistics(firstIndices(count));
        // Pictures of one shade have no deviation.
        const normalisation = { mean, std: std.map((deviation) => deviation || 1) };
        const sources = batchesOf(count, BATCH).map((indices) => ({
          images,
          indices,
          ...normalisation,
          seed: 0,
          epoch: 0,
        }));
        return scaleRows(featuresOf(network, sources), count);
      } finally {
        images.free();
      }
    },
    [Symbol.dispose]: () => network.free(),
  };
}

/** Divides each row by its length, so that what counts is the direction of features: how much of each there is beside the others. */
function scaleRows(features: Float32Array, count: number): Float32Array {
  const size = features.length / count;
  for (let row = 0; row < count; row++) {
    const values = features.subarray(row * size, (row + 1) * size);
    const length = Math.sqrt(values.reduce((sum, value) => sum + value * value, 0)) || 1;
    values.forEach((value, i) => values[i] = value / length);
  }
  return features;
}
