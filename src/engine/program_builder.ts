/** A network as the kernels take it, with the names that the outside uses. */
export interface Program {
  /** Words of the program format, version 4 (kernels/src/decode.rs reads them). */
  readonly words: Uint32Array;
  /** Trainable parameters: state-dict names and PyTorch shapes. */
  readonly parameters: readonly { name: string; shape: number[] }[];
  /** Batch normalisations: state-dict prefixes that share one, and its channels. */
  readonly norms: readonly { names: readonly string[]; channels: number }[];
  /** Number of mixing weights. */
  readonly mixingCount: number;
  /** Channels of the image. */
  readonly inputChannels: number;
}

/** A numbered activation. */
export interface Tensor {
  /** Its number. */
  readonly id: number;
  /** Rows. */
  readonly height: number;
  /** Columns. */
  readonly width: number;
  /** Logical channels. */
  readonly channels: number;
}

const MAGIC = 0x524f4f54;
const VERSION = 4;
const NONE = 0xffffffff;

const KIND = { convolution: 0, depthwise: 1, gamma: 2, beta: 3, linear: 4, linearBias: 5 } as const;
const CODE = {
  convolution: 1,
  pointwise: 2,
  factorizedReduce: 3,
  depthwisePointwise: 4,
  pool: 5,
  combine: 6,
  classifier: 7,
  segment: 8,
  channels: 9,
} as const;

interface Parameter {
  name: string;
  shape: number[];
  kind: number;
  fanIn: number;
}

/** Tensors whose global averages a classifier reads. */
interface Pooled extends Tensor {
  readonly pooled: readonly Tensor[];
}

/**
 * Writes programs: one call an instruction, in order of execution. Shapes are checked again, with everything else, when the
 * engine compiles the program.
 */
export class ProgramBuilder {
  /** The image, tensor 0. */
  readonly image: Tensor;
  readonly #tensors: Tensor[] = [];
  readonly #parameters: Parameter[] = [];
  readonly #norms: { tensor: number; gamma: number; beta: number; names: readonly string[]; channels: number }[] = [];
  readonly #instructions: number[][] = [];

  /** For images of this size; 1 to 4 channels. */
  constructor(input: { height: number; width: number; channels: number }) {
    this.image = this.#tensor(input.height, input.width, input.channels);
  }

  /** Full convolution without bias: ReLU first if asked; `weight`: [out, channels, kernel, kernel]. */
  convolution(
    x: Tensor,
    o: { out: number; kernel: number; stride: number; padding: number; relu: boolean; weight: string },
  ): Tensor {
    const side = (size: number) => Math.floor((size + 2 * o.padding - o.kernel) / o.stride) + 1;
    const out = this.#tensor(side(x.height), side(x.width), o.out);
    const weight = this.#parameter(o.weight, KIND.convolution, [o.out, x.channels, o.kernel, o.kernel]);
    this.#emit(CODE.convolution, out.id, x.id, weight, o.kernel, o.stride, o.padding, x.channels, Number(o.relu));
    return out;
  }

  /** 1×1 convolution over the concatenation of `xs`; `weight`: [out, Σchannels, 1, 1]. */
  pointwise(xs: Tensor[], o: { out: number; relu: boolean; weight: string }): Tensor {
    const out = this.#tensor(xs[0]!.height, xs[0]!.width, o.out);
    const weight = this.#parameter(o.weight, KIND.convolution, [o.out, channelsOf(xs), 1, 1]);
    this.#emit(CODE.pointwise, out.id, weight, Number(o.relu), ...list(xs));
    return out;
  }

  /**
   * ReLU, then two 1×1 convolutions of stride 2, the second shifted one pixel down and right (zero past the edge of odd
   * sizes), their outputs concatenated; `weights`: [out/2, Σchannels, 1, 1] each.
   */
  factorizedReduce(xs: Tensor[], o: { out: number; weights: [string, string] }): Tensor {
    const out = this.#tensor(Math.ceil(xs[0]!.height / 2), Math.ceil(xs[0]!.width / 2), o.out);
    const weights = o.weights.map((name) =>
      this.#parameter(name, KIND.convolution, [Math.floor(o.out / 2), channelsOf(xs), 1, 1])
    );
    this.#emit(CODE.factorizedReduce, out.id, ...weights, ...list(xs));
    return out;
  }

  /** ReLU, depthwise convolution ("same" padding), 1×1 convolution. */
  depthwisePointwise(
    x: Tensor,
    o: { out: number; kernel: 3 | 5; dilation: 1 | 2; stride: 1 | 2; depthwise: string; pointwise: string },
  ): Tensor {
    const out = this.#tensor(Math.ceil(x.height / o.stride), Math.ceil(x.width / o.stride), o.out);
    const depthwise = this.#parameter(o.depthwise, KIND.depthwise, [x.channels, 1, o.kernel, o.kernel]);
    const pointwise = this.#parameter(o.pointwise, KIND.convolution, [o.out, x.channels, 1, 1]);
    this.#emit(CODE.depthwisePointwise, out.id, x.id, depthwise, pointwise, o.kernel, o.dilation, o.stride);
    return out;
  }

  /** Pooling; the average counts pixels inside the image only. */
  pool(
    x: Tensor,
    o: { kind: "max" | "average"; kernel: number; stride: number; padding: number; relu?: boolean },
  ): Tensor {
    const side = (size: number) => Math.floor((size + 2 * o.padding - o.kernel) / o.stride) + 1;
    const out = this.#tensor(side(x.height), side(x.width), x.channels);
    const isMax = Number(o.kind === "max");
    this.#emit(CODE.pool, out.id, x.id, isMax, o.kernel, o.stride, o.padding, Number(o.relu ?? false));
    return out;
  }

  /**
   * Normalises a tensor over batch and space: every reader sees the normalised value.
   *
   * @param names State-dict prefixes that share it (`…running_mean`; with `affine` also `…weight`, `…bias` of the first).
   * @returns The same tensor.
   */
  normalise(x: Tensor, o: { names: readonly string[]; affine: boolean }): Tensor {
    const [gamma, beta] = o.affine
      ? [
        this.#parameter(`${o.names[0]}.weight`, KIND.gamma, [x.channels]),
        this.#parameter(`${o.names[0]}.bias`, KIND.beta, [x.channels]),
      ]
      : [NONE, NONE];
    this.#norms.push({ tensor: x.id, gamma, beta, names: o.names, channels: x.channels });
    return x;
  }

  /**
   * Channels of several tensors of one size, one after another, then shuffled as PyTorch does it: `view(groups, -1).transpose(0, 1)`.
   *
   * @param slices The tensors, the first channel of each that is read, and how many are.
   * @param groups Groups of the shuffle; 1, as by default, leaves the order as it is.
   */
  channels(slices: readonly { x: Tensor; start: number; count: number }[], groups: number = 1): Tensor {
    const { height, width } = slices[0]!.x;
    const out = this.#tensor(height, width, slices.reduce((sum, { count }) => sum + count, 0));
    const words = slices.flatMap(({ x, start, count }) => [x.id, start, count]);
    this.#emit(CODE.channels, out.id, groups, slices.length, ...words);
    return out;
  }

  /**
   * Sum of terms, each times its mixing weight (1 without) and, in training, its drop-path mask. Of a term with `mixes` that many
   * mixing weights from `mix` on add up to its own.
   *
   * @param terms The terms; without any the node is zero.
   * @param like A tensor of the node's size, for a node that may be without terms.
   */
  combine(
    terms: { x: Tensor; mix?: number; mixes?: number; dropPath?: boolean }[],
    like: Tensor = terms[0]!.x,
  ): Tensor {
    const { height, width, channels } = like;
    const out = this.#tensor(height, width, channels);
    const words = terms.flatMap(({ x, mix, mixes = 1, dropPath }) => [
      x.id,
      ...(mix === undefined ? [NONE] : [mix, mixes]),
      Number(dropPath ?? false),
    ]);
    this.#emit(CODE.combine, out.id, terms.length, ...words);
    return out;
  }

  /** Global averages of the concatenation of `xs`, for a classifier only. */
  globalAveragePool(xs: Tensor[]): Tensor {
    const pooled: Pooled = { id: -1, height: 1, width: 1, channels: channelsOf(xs), pooled: xs };
    return pooled;
  }

  /**
   * Linear classifier over pooled features, with softmax cross-entropy. A program has one main classifier, which gives logits
   * and hits, and any number of auxiliary ones, which only help to train.
   *
   * @param x From {@linkcode globalAveragePool}.
   * @param o `auxiliaryWeight`: factor of the loss of an auxiliary classifier; the main one, whose loss counts once, has none.
   * `groups`: classes of each dataset, together all classes in order. An image's softmax is that of its label's group alone, as
   * if every dataset had a classifier of its own; one group of all classes if left out.
   */
  classifier(
    x: Tensor,
    o: {
      weight: string;
      bias: string;
      classes: number;
      auxiliaryWeight?: number | undefined;
      groups?: readonly number[] | undefined;
    },
  ): void {
    const { pooled } = x as Pooled;
    if (!pooled) throw new TypeError("Cannot build classifier: expected the result of globalAveragePool");
    const weight = this.#parameter(o.weight, KIND.linear, [o.classes, x.channels]);
    const bias = this.#parameter(o.bias, KIND.linearBias, [o.classes], x.channels);
    const auxiliary = o.auxiliaryWeight === undefined
      ? [0]
      : [1, ...new Uint32Array(Float32Array.of(o.auxiliaryWeight).buffer)];
    const groups = o.groups ?? [o.classes];
    this.#emit(CODE.classifier, weight, bias, o.classes, ...auxiliary, groups.length, ...groups, ...list([...pooled]));
  }

  /** Marks the start of a part (a cell) that may be recomputed in the backward pass to save memory. */
  segment(): void {
    this.#emit(CODE.segment);
  }

  /**
   * Finishes the program.
   *
   * @param mixingCount Number of mixing weights that terms may refer to.
   */
  build(mixingCount: number): Program {
    const body = [
      ...this.#tensors.flatMap(({ height, width, channels }) => [height, width, channels]),
      ...this.#parameters.flatMap(({ kind, shape, fanIn }) => [kind, ...[0, 1, 2, 3].map((i) => shape[i] ?? 1), fanIn]),
      ...this.#norms.flatMap(({ tensor, gamma, beta }) => [tensor, gamma, beta]),
      ...this.#instructions.flat(),
    ];
    const counts = [this.#tensors, this.#parameters, this.#norms, this.#instructions].map((table) => table.length);
    const words = new Uint32Array([MAGIC, VERSION, ...counts, mixingCount, body.length + 8, ...body]);
    return {
      words,
      parameters: this.#parameters.map(({ name, shape }) => ({ name, shape })),
      norms: this.#norms.map(({ names, channels }) => ({ names, channels })),
      mixingCount,
      inputChannels: this.image.channels,
    };
  }

  #tensor(height: number, width: number, channels: number): Tensor {
    const tensor = { id: this.#tensors.length, height, width, channels };
    this.#tensors.push(tensor);
    return tensor;
  }

  #parameter(name: string, kind: number, shape: number[], fanIn?: number): number {
    if (this.#parameters.some((parameter) => parameter.name === name)) {
      throw new RangeError(`Cannot build program: the name ${name} is used twice`);
    }
    const inputs = shape.slice(1).reduce((product, size) => product * size, 1);
    return this.#parameters.push({ name, shape, kind, fanIn: fanIn ?? inputs }) - 1;
  }

  #emit(...words: number[]): void {
    this.#instructions.push(words);
  }
}

function channelsOf(xs: Tensor[]): number {
  return xs.reduce((sum, { channels }) => sum + channels, 0);
}

function list(xs: Tensor[]): number[] {
  return [xs.length, ...xs.map(({ id }) => id)];
}
