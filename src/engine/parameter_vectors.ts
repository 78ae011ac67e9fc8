import type { Kernels } from "./kernels.ts";

/** Slots that every network has. */
export const SLOT = { values: 0, gradients: 1, momentum: 2 } as const;

/** Arithmetic over whole parameter vectors: what second-order methods need. A slot is one number a parameter element. */
export class ParameterVectors {
  readonly #kernels: Kernels;
  readonly #network: number;

  /** For the network with this handle. */
  constructor(kernels: Kernels, network: number) {
    this.#kernels = kernels;
    this.#network = network;
  }

  /** A new slot of zeros. */
  allocate(): number {
    return this.#kernels.slot_allocate(this.#network);
  }

  /** to ← from. */
  copy(from: number, to: number): void {
    this.#kernels.slot_copy(this.#network, from, to);
  }

  /** y ← y + scale·x. */
  axpy(scale: number, x: number, y: number): void {
    this.#kernels.slot_combine(this.#network, scale, x, 1, y);
  }

  /** y ← share·x + (1 − share)·y. */
  blend(share: number, x: number, y: number): void {
    this.#kernels.slot_combine(this.#network, share, x, 1 - share, y);
  }

  /** x ← factor·x. */
  scale(factor: number, x: number): void {
    this.#kernels.slot_combine(this.#network, factor, x, 0, x);
  }

  /** Euclidean norm. */
  norm(x: number): number {
    return this.#kernels.slot_norm(this.#network, x);
  }

  /**
   * How far two slots point the same way, for each parameter in the network's order: the mean over input channels and taps of the
   * cosine over output channels, -1 to 1. Vectors shorter than 1e-8 count as that long.
   */
  cosines(x: number, y: number): Float64Array {
    return this.#kernels.slot_cosines(this.#network, x, y);
  }

  /** Frees an allocated slot. */
  free(slot: number): void {
    this.#kernels.slot_free(this.#network, slot);
  }
}
