import type { Engine } from "../engine/mod.ts";
import { loadState } from "../network/mod.ts";
import { buildSupernet, fitSpace } from "../spaces/mod.ts";
import type { ZooEntry } from "./entry.ts";
import { type DatasetSignature, SIGNATURE_SIDE } from "./signature.ts";
import { firstIndices } from "../batches/mod.ts";

/** Images a batch; features do not depend on it. */
const BATCH = 50;

/**
 * Computes the features that the classifier of a pretrained supernet reads, for the pictures of a signature.
 *
 * Running statistics and normalisation are those of the pretraining; where that was in colour, grey pictures are
 * replicated and normalised by the mean of the channels.
 *
 * @param engine Runs the supernet.
 * @param entry The supernet.
 * @param signature Pictures of a dataset, 28×28 and grey.
 * @returns [images, features] row-major.
 */
export function poolFeatures(engine: Engine, entry: ZooEntry, { pixels, labels }: DatasetSignature): Float32Array {
  const { card, supernet } = entry;
  const [height, width] = [SIGNATURE_SIDE, SIGNATURE_SIDE];
  const space = fitSpace(supernet.space, { height, width });
  const mean = [average(card.sources[0]!.mean)];
  const std = [average(card.sources[0]!.std)];
  const images = engine.loadImages(pixels, { count: labels.length, height, width, channels: 1 });
  const network = engine.compile(buildSupernet(space), { batch: BATCH, isInference: true });
  try {
    loadState(network, supernet.state);
    network.setMixing(supernet.mixing(0));
    const all = firstIndices(labels.length);
    const parts: Float32Array[] = [];
    for (let start = 0; start < all.length; start += BATCH) {
      const indices = all.subarray(start, start + BATCH);
      network.forward({ images, indices, mean, std, seed: 0, epoch: 0 }, { training: false });
      parts.push(network.features());
    }
    const features = new Float32Array(parts.reduce((sum, part) => sum + part.length, 0));
    parts.reduce((at, part) => (features.set(part, at), at + part.length), 0);
    return features;
  } finally {
    network.free();
    images.free();
  }
}

function average(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}
