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
    const rows = new Float32Array(this.#batches.reduce((sum, { length }) => sum + length, 0));
    let at = 0;
    for (const batch of this.#batches) {
      rows.set(batch, at);
      at += batch.length;
    }
    return rows;
  }
}
