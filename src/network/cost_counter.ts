import type { NamedShape } from "../engine/mod.ts";
import type { GraphBuilder, Tensor } from "./builder.ts";
import { isOfAuxiliaryHead } from "./head.ts";

/** Size of a network and work of one prediction. */
export interface NetworkCost {
  /** Trainable numbers, without those of the auxiliary head, which predictions do not use. */
  readonly parameters: number;
  /** Trainable numbers of the auxiliary head. */
  readonly auxiliaryParameters: number;
  /** Multiply-adds (not FLOPs) of convolutions and classifier for a single image, without the auxiliary head. */
  readonly multiplyAdds: number;
  /** All trainable tensors in the order of lowering. */
  readonly tensors: readonly NamedShape[];
  /** State-dict prefixes of all normalisations, each of which has running statistics. */
  readonly norms: readonly string[];
}

/** A builder that builds nothing: it only follows sizes and adds up. */
export class CostCounter implements GraphBuilder {
  readonly image: Tensor;
  readonly #tensors: NamedShape[] = [];
  readonly #norms: string[] = [];
  #tensorCount = 0;
  #multiplyAdds = 0;

  /** @param image Size of the images, as the builder of the program takes it. */
  constructor({ height, width, channels }: { height: number; width: number; channels: number }) {
    this.image = this.#tensor(height, width, channels);
  }

  /** What has been added up so far. */
  cost(): NetworkCost {
    const sum = (isAuxiliary: boolean) =>
      this.#tensors.filter(({ name }) => isOfAuxiliaryHead(name) === isAuxiliary)
        .reduce((total, { shape }) => total + product(shape), 0);
    return {
      parameters: sum(false),
      auxiliaryParameters: sum(true),
      multiplyAdds: this.#multiplyAdds,
      tensors: this.#tensors,
      norms: this.#norms,
    };
  }

  convolution(x: Tensor, o: Parameters<GraphBuilder["convolution"]>[1]): Tensor {
    const [height, width] = [x.height, x.width].map((n) => Math.floor((n + 2 * o.padding - o.kernel) / o.stride) + 1);
    this.#addWeight(o.weight, [o.out, x.channels, o.kernel, o.kernel], height! * width!);
    return this.#tensor(height!, width!, o.out);
  }

  pointwise(xs: Tensor[], o: Parameters<GraphBuilder["pointwise"]>[1]): Tensor {
    const { height, width } = xs[0]!;
    this.#addWeight(o.weight, [o.out, countChannels(xs), 1, 1], height * width);
    return this.#tensor(height, width, o.out);
  }

  factorizedReduce(xs: Tensor[], o: Parameters<GraphBuilder["factorizedReduce"]>[1]): Tensor {
    const [height, width] = [Math.ceil(xs[0]!.height / 2), Math.ceil(xs[0]!.width / 2)];
    for (const weight of o.weights) this.#addWeight(weight, [o.out / 2, countChannels(xs), 1, 1], height * width);
    return this.#tensor(height, width, o.out);
  }

  depthwisePointwise(x: Tensor, o: Parameters<GraphBuilder["depthwisePointwise"]>[1]): Tensor {
    const [height, width] = [Math.ceil(x.height / o.stride), Math.ceil(x.width / o.stride)];
    this.#addWeight(o.depthwise, [x.channels, 1, o.kernel, o.kernel], height * width);
    this.#addWeight(o.pointwise, [o.out, x.channels, 1, 1], height * width);
    return this.#tensor(height, width, o.out);
  }

  pool(x: Tensor, o: Parameters<GraphBuilder["pool"]>[1]): Tensor {
    const [height, width] = [x.height, x.width].map((n) => Math.floor((n + 2 * o.padding - o.kernel) / o.stride) + 1);
    return this.#tensor(height!, width!, x.channels);
  }

  normalise(x: Tensor, o: Parameters<GraphBuilder["normalise"]>[1]): Tensor {
    this.#norms.push(...o.names);
    if (o.affine) {
      this.#addWeight(`${o.names[0]}.weight`, [x.channels], 0);
      this.#addWeight(`${o.names[0]}.bias`, [x.channels], 0);
    }
    return x;
  }

  channels(slices: Parameters<GraphBuilder["channels"]>[0]): Tensor {
    const { height, width } = slices[0]!.x;
    return this.#tensor(height, width, slices.reduce((sum, { count }) => sum + count, 0));
  }

  combine(terms: Parameters<GraphBuilder["combine"]>[0], like: Tensor = terms[0]!.x): Tensor {
    const { height, width, channels } = like;
    return this.#tensor(height, width, channels);
  }

  globalAveragePool(xs: Tensor[]): Tensor {
    return this.#tensor(1, 1, countChannels(xs));
  }

  classifier(x: Tensor, o: Parameters<GraphBuilder["classifier"]>[1]): void {
    this.#addWeight(o.weight, [o.classes, x.channels], 1);
    this.#addWeight(o.bias, [o.classes], 0);
  }

  segment(): void {}

  #tensor(height: number, width: number, channels: number): Tensor {
    return { id: this.#tensorCount++, height, width, channels };
  }

  #addWeight(name: string, shape: readonly number[], timesUsed: number): void {
    this.#tensors.push({ name, shape });
    if (!isOfAuxiliaryHead(name)) this.#multiplyAdds += product(shape) * timesUsed;
  }
}

function countChannels(xs: Tensor[]): number {
  return xs.reduce((sum, x) => sum + x.channels, 0);
}

function product(shape: readonly number[]): number {
  return shape.reduce((total, n) => total * n, 1);
}
