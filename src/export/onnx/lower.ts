import { CostCounter, type GraphBuilder, type State, type Tensor } from "../../network/mod.ts";
import { spaceKind } from "../../spaces/mod.ts";
import type { Model } from "../../zoo/mod.ts";
import { channelMap, type Normalisation, numbersOf, scaleFilters, shiftedFilters } from "./fold.ts";
import { OnnxGraph } from "./graph.ts";
import type { InputKind } from "./input_kind.ts";

/** Names of the graph's input and outputs. */
export const INPUT = "image", LOGITS = "logits", PROBABILITIES = "probabilities";

/**
 * Lowers a finished network to a graph of ONNX operators: normalisation of the image first, probabilities last.
 *
 * @param model The network.
 * @param input What it reads: `uint8` [batch, height, width, channels], or `float` [batch, channels, height, width] from 0 to 1.
 * @returns The graph.
 */
export function lowerToOnnx(
  model: Pick<Model, "space" | "genotype" | "state" | "mean" | "std">,
  input: InputKind,
): OnnxGraph {
  const { space, genotype, state } = model;
  const { name, height, width, inputChannels: channels } = space;
  const lowering = new Lowering({ height, width, channels }, state, (graph) => normaliseImage(graph, model, input));
  spaceKind(name).lowerDerivedNetwork(lowering, { space, genotype });
  return lowering.finish();
}

/** byte / 255 (floats have been divided), minus mean, by deviation: one product and one sum a channel. */
function normaliseImage(graph: OnnxGraph, { mean, std }: Pick<Model, "mean" | "std">, input: InputKind): string {
  const shape = [1, mean.length, 1, 1];
  const unit = input === "uint8" ? 255 : 1;
  const scale = graph.constant("image.scale", shape, Float32Array.from(std, (deviation) => 1 / (unit * deviation)));
  const shift = graph.constant("image.shift", shape, Float32Array.from(mean, (value, i) => -value / std[i]!));
  const floats = input === "float"
    ? INPUT
    : graph.add("Cast", [graph.add("Transpose", [INPUT], { perm: [0, 3, 1, 2] })], { to: 1 });
  return graph.add("Add", [graph.add("Mul", [floats, scale]), shift]);
}

/** An operation that waits for the normalisation that may follow it. */
interface Step {
  readonly tensor: number;
  norm?: Normalisation;
  emit(norm: Normalisation | undefined): string;
}

interface Filters {
  readonly name: string;
  readonly shape: readonly number[];
  readonly data: Float32Array;
}

/**
 * A builder of ONNX graphs. Operations are written down as they come and added in `finish`, when it is known which of them a
 * normalisation follows.
 */
class Lowering extends CostCounter {
  readonly #graph = new OnnxGraph();
  readonly #state: State;
  readonly #steps: Step[] = [];
  readonly #values = new Map<number, string>();

  constructor(
    image: { height: number; width: number; channels: number },
    state: State,
    normaliseImage: (graph: OnnxGraph) => string,
  ) {
    super(image);
    this.#state = state;
    this.#step(this.image, () => normaliseImage(this.#graph));
  }

  /** Adds all operations to the graph. */
  finish(): OnnxGraph {
    for (const step of this.#steps) this.#values.set(step.tensor, step.emit(step.norm));
    return this.#graph;
  }

  override convolution(x: Tensor, o: Parameters<GraphBuilder["convolution"]>[1]): Tensor {
    const { kernel, stride, padding, relu } = o;
    return this.#foldingStep(super.convolution(x, o), (norm) => {
      const filters = this.#filters(o.weight);
      return this.#convolve(this.#read([x], relu), filters, { stride, pads: Array(4).fill(padding), kernel, norm });
    });
  }

  override pointwise(xs: Tensor[], o: Parameters<GraphBuilder["pointwise"]>[1]): Tensor {
    return this.#foldingStep(
      super.pointwise(xs, o),
      (norm) => this.#convolve(this.#read(xs, o.relu), this.#filters(o.weight), { kernel: 1, norm }),
    );
  }

  override factorizedReduce(xs: Tensor[], o: Parameters<GraphBuilder["factorizedReduce"]>[1]): Tensor {
    const { height, width } = xs[0]!;
    return this.#foldingStep(super.factorizedReduce(xs, o), (norm) => {
      const [first, second] = o.weights.map((name) => this.#filters(name)) as [Filters, Filters];
      const data = shiftedFilters(first.data, second.data);
      const filters = { name: first.name, shape: [o.out, first.shape[1]!, 2, 2], data };
      // What lies past the edge of odd sizes is zero.
      const pads = [0, 0, height % 2, width % 2];
      return this.#convolve(this.#read(xs, true), filters, { kernel: 2, stride: 2, pads, norm });
    });
  }

  override depthwisePointwise(x: Tensor, o: Parameters<GraphBuilder["depthwisePointwise"]>[1]): Tensor {
    const { kernel, dilation, stride } = o;
    const pads = Array(4).fill(dilation * (kernel - 1) / 2);
    return this.#foldingStep(super.depthwisePointwise(x, o), (norm) => {
      const depthwise = { kernel, dilation, stride, pads, group: x.channels };
      const y = this.#convolve(this.#read([x], true), this.#filters(o.depthwise), depthwise);
      return this.#convolve(y, this.#filters(o.pointwise), { kernel: 1, norm });
    });
  }

  override pool(x: Tensor, o: Parameters<GraphBuilder["pool"]>[1]): Tensor {
    const window = {
      kernel_shape: [o.kernel, o.kernel],
      strides: [o.stride, o.stride],
      pads: Array(4).fill(o.padding),
    };
    return this.#step(super.pool(x, o), () => {
      const y = this.#read([x], o.relu ?? false);
      if (o.kernel === 1 && o.stride === 1) return y;
      return o.kind === "max"
        ? this.#graph.add("MaxPool", [y], window)
        : this.#graph.add("AveragePool", [y], { ...window, count_include_pad: 0 });
    });
  }

  override normalise(x: Tensor, o: Normalisation): Tensor {
    this.#steps.find(({ tensor }) => tensor === x.id)!.norm = o;
    return super.normalise(x, o);
  }

  override combine(terms: Parameters<GraphBuilder["combine"]>[0], like: Tensor = terms[0]!.x): Tensor {
    if (terms.some(({ mix }) => mix !== undefined)) {
      throw new RangeError("Cannot export: the network has mixing weights, expected a derived network");
    }
    return this.#step(super.combine(terms, like), () => {
      // A node without terms is zero, as large as what it is like.
      if (terms.length === 0) return this.#graph.add("Sub", [this.#read([like]), this.#read([like])]);
      return terms.map(({ x }) => this.#read([x])).reduce((sum, value) => this.#graph.add("Add", [sum, value]));
    });
  }

  override globalAveragePool(xs: Tensor[]): Tensor {
    return this.#step(super.globalAveragePool(xs), () => {
      const means = xs.map((x) => this.#graph.add("GlobalAveragePool", [this.#read([x])]));
      return this.#graph.add("Flatten", [this.#concatenate(means)], { axis: 1 });
    });
  }

  override classifier(x: Tensor, o: Parameters<GraphBuilder["classifier"]>[1]): void {
    super.classifier(x, o);
    if (o.auxiliaryWeight !== undefined) return;
    this.#steps.push({
      tensor: -1,
      emit: () => {
        const [weight, bias] = [o.weight, o.bias].map((name) => this.#filters(name)) as [Filters, Filters];
        const constants = [weight, bias].map(({ name, shape, data }) => this.#graph.constant(name, shape, data));
        const logits = this.#graph.add("Gemm", [this.#read([x]), ...constants], { transB: 1 });
        this.#graph.rename(this.#graph.add("Softmax", [logits], { axis: 1 }), PROBABILITIES);
        this.#graph.rename(logits, LOGITS);
        return LOGITS;
      },
    });
  }

  /** An operation into which a normalisation goes. */
  #foldingStep(y: Tensor, emit: Step["emit"]): Tensor {
    this.#steps.push({ tensor: y.id, emit });
    return y;
  }

  /** An operation that leaves a normalisation to the node behind it. */
  #step(y: Tensor, emit: () => string): Tensor {
    return this.#foldingStep(y, (norm) => norm === undefined ? emit() : this.#normalised(emit(), norm));
  }

  #normalised(value: string, norm: Normalisation): string {
    const { scale, shift } = channelMap(this.#state, norm);
    const shape = [1, scale.length, 1, 1];
    const [factor, term] = Object.entries({ scale, shift }).map(([what, numbers]) =>
      this.#graph.constant(`${norm.names[0]}.${what}`, shape, Float32Array.from(numbers))
    );
    return this.#graph.add("Add", [this.#graph.add("Mul", [value, factor!]), term!]);
  }

  /** The value of tensors side by side, rectified if asked. */
  #read(xs: readonly Tensor[], relu = false): string {
    const value = this.#concatenate(xs.map(({ id }) => this.#values.get(id)!));
    return relu ? this.#graph.add("Relu", [value]) : value;
  }

  #concatenate(values: readonly string[]): string {
    return values.length === 1 ? values[0]! : this.#graph.add("Concat", values, { axis: 1 });
  }

  #filters(name: string): Filters {
    return { name, shape: this.#state.get(name)?.shape ?? [], data: numbersOf(this.#state, name) };
  }

  #convolve(
    x: string,
    { name, shape, data }: Filters,
    { kernel, stride = 1, dilation = 1, group = 1, pads = [0, 0, 0, 0], norm }: {
      kernel: number;
      stride?: number;
      dilation?: number;
      group?: number;
      pads?: readonly number[];
      norm?: Normalisation | undefined;
    },
  ): string {
    const map = norm && channelMap(this.#state, norm);
    const weights = this.#graph.constant(name, shape, map ? scaleFilters(data, map.scale) : data);
    const bias = map && this.#graph.constant(`${name}.bias`, [shape[0]!], Float32Array.from(map.shift));
    return this.#graph.add("Conv", bias === undefined ? [x, weights] : [x, weights, bias], {
      kernel_shape: [kernel, kernel],
      strides: [stride, stride],
      dilations: [dilation, dilation],
      group,
      pads,
    });
  }
}
