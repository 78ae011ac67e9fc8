import type { BatchSource, Network } from "../engine/mod.ts";

/** Features that a network's head reads, batch by batch, with the labels of their images. */
export class FeatureRows {
  readonly #network: Pick<Network, "features">;
  readonly #batches: Float32Array[] = [];
  readonly #labels: number[] = [];

  /** @param network Whose features. */
  constructor(network: Pick<Network, "features">) {
    this.#network = network;
  }

  /**
   * Adds the features of the network's last run.
   *
   * @param source The batch of that run.
   */
  add({ labels }: Pick<BatchSource, "labels">): void {
    this.#batches.push(this.#network.features());
    this.#labels.push(...labels!);
  }

  /** Label of each image so far. */
  labels(): Uint32Array {
    return Uint32Array.from(this.#labels);
  }

  /** Features so far, [images, features] row-major. */
  features(): Float32Array {
    return joinRows(this.#batches);
  }
}

/**
 * Collects the features that a network's head reads of some batches, weights and running statistics at rest.
 *
 * @param network Whose features; a supernet's mixing weights must be set.
 * @param sources The batches.
 * @returns [images, features] row-major, in their order.
 */
export function featuresOf(
  network: Pick<Network, "forward" | "features">,
  sources: Iterable<BatchSource>,
): Float32Array {
  const batches: Float32Array[] = [];
  for (const source of sources) {
    network.forward(source, { training: false });
    batches.push(network.features());
  }
  return joinRows(batches);
}

/**
 * Joins matrices of equally long rows, one below the other.
 *
 * @param parts The matrices, row-major.
 * @returns A copy of all of them.
 */
export function joinRows(parts: readonly Float32Array[]): Float32Array {
  const rows = new Float32Array(parts.reduce((sum, { length }) => sum + length, 0));
  let at = 0;
  for (const part of parts) {
    rows.set(part, at);
    at += part.length;
  }
  return rows;
}
