import { quantiseRows } from "../../formats/mod.ts";
import { OnnxGraph, type OnnxNode } from "./graph.ts";

/** Smallest and largest number that a value is to hold. */
export interface Range {
  /** The smallest. */
  readonly min: number;
  /** The largest. */
  readonly max: number;
}

/**
 * Largest integer of a weight. Processors without VNNI add up two products of a byte and a weight in 16 bits, which 127 would fill:
 * with 63 every machine gives the same results.
 */
const WEIGHT_LIMIT = 63;

/** Levels of an activation above the smallest, in 8 bits. */
const LEVELS = 255;

/** Operators that runtimes compute in integers; an `Add` with a constant is none of them. */
const INTEGER = new Set(["Conv", "Gemm", "Add", "Relu", "Concat", "MaxPool", "AveragePool", "GlobalAveragePool"]);

/** Operators that move numbers or pick some of them: what they make is in the units of what they read. */
const MOVING = new Set(["MaxPool", "Flatten"]);

/**
 * Lists the values that are rounded to 8 bits and whose ranges must be known for it.
 *
 * @param graph A graph of floats.
 * @returns Names of the values, in the order in which they are made.
 */
export function roundedValues(graph: OnnxGraph): string[] {
  const isInteger = (node: OnnxNode) => INTEGER.has(node.type) && !(node.type === "Add" && readsConstant(graph, node));
  const wanted = new Set(graph.nodes.filter(isInteger).flatMap(({ inputs }) => inputs));
  return graph.nodes.filter((node) => {
    if (MOVING.has(node.type)) return false;
    const readers = graph.nodes.filter(({ inputs }) => inputs.includes(node.output));
    // What only a ReLU reads is rounded after it, which is part of the rounding then.
    return wanted.has(node.output) && readers.some(({ type }) => type !== "Relu") ||
      readers.some(({ type }) => type === "Flatten");
  }).map(({ output }) => output);
}

/**
 * Makes of a graph of floats one that runtimes compute in integers: every value and weight is rounded and widened again (QDQ).
 * Weights are symmetric, a scale a filter; values are unsigned, a scale and a zero each; biases have 32 bits; logits stay floats.
 *
 * @param graph The graph of floats.
 * @param ranges Range of each of its {@linkcode roundedValues}.
 * @returns The graph, with the same inputs and outputs.
 */
export function quantiseGraph(graph: OnnxGraph, ranges: ReadonlyMap<string, Range>): OnnxGraph {
  return new Quantisation(graph, ranges).graph;
}

function readsConstant({ constants }: OnnxGraph, { inputs }: OnnxNode): boolean {
  return inputs.some((name) => constants.has(name));
}

/** A value in 8 bits: its widened form, and the names of its scale and zero. */
interface Rounded {
  readonly widened: string;
  readonly units: readonly [scale: string, zero: string];
  readonly scale: number;
}

class Quantisation {
  readonly graph = new OnnxGraph();
  readonly #from: OnnxGraph;
  readonly #ranges: ReadonlyMap<string, Range>;
  readonly #rounded = new Map<string, Rounded>();

  constructor(from: OnnxGraph, ranges: ReadonlyMap<string, Range>) {
    this.#from = from;
    this.#ranges = ranges;
    for (const node of from.nodes) this.#lower(node);
  }

  #lower(node: OnnxNode): void {
    const made = this.graph.add(node.type, this.#inputs(node), node.attributes);
    this.graph.rename(made, node.output);
    const range = this.#ranges.get(node.output);
    const read = this.#rounded.get(node.inputs[0]!);
    if (range !== undefined) this.#round(node.output, this.#unitsOf(node.output, range));
    else if (MOVING.has(node.type) && read !== undefined) this.#round(node.output, read);
  }

  #round(value: string, { units, scale }: Pick<Rounded, "units" | "scale">): void {
    const integers = this.graph.add("QuantizeLinear", [value, ...units]);
    this.#rounded.set(value, { widened: this.graph.add("DequantizeLinear", [integers, ...units]), units, scale });
  }

  /** Zero is always among the numbers that can be told exactly: padding is zero. */
  #unitsOf(value: string, { min, max }: Range): Pick<Rounded, "units" | "scale"> {
    const [low, high] = [Math.min(0, min), Math.max(0, max)];
    const scale = Math.fround(Math.max(high - low, Number.EPSILON) / LEVELS);
    const zero = Math.round(-low / scale);
    const units = [
      this.graph.constant(`${value}.scale`, [], Float32Array.of(scale)),
      this.graph.constant(`${value}.zero`, [], Uint8Array.of(zero)),
    ] as const;
    return { units, scale };
  }

  #inputs({ type, inputs }: OnnxNode): string[] {
    const [x, weights, bias] = inputs as [string, string, string | undefined];
    const read = this.#rounded.get(x);
    if ((type === "Conv" || type === "Gemm") && read !== undefined) {
      return [read.widened, ...this.#weights(weights, bias, read)];
    }
    return inputs.map((name) => this.#rounded.get(name)?.widened ?? this.#copied(name));
  }

  #copied(name: string): string {
    const constant = this.#from.constants.get(name);
    return constant === undefined || this.graph.constants.has(name)
      ? name
      : this.graph.constant(name, constant.shape, constant.data);
  }

  #weights(name: string, bias: string | undefined, read: Rounded): string[] {
    const { shape, data } = this.#from.constants.get(name)!;
    const rows = shape[0]!;
    const { values, scales } = quantiseRows(data as Float32Array, rows, WEIGHT_LIMIT);
    // A filter of zeros has no scale, and no runtime takes 0 for one.
    const units = scales.map((scale) => scale || 1);
    const weights = this.#widened(name, { shape, data: values }, units);
    if (bias === undefined) return [weights];
    const steps = units.map((scale) => scale * read.scale);
    const terms = this.#from.constants.get(bias)!.data as Float32Array;
    const integers = Int32Array.from(terms, (term, i) => Math.round(term / steps[i]!));
    return [weights, this.#widened(bias, { shape: [rows], data: integers }, steps)];
  }

  /** A constant in integers, widened by a scale a row. */
  #widened(
    name: string,
    { shape, data }: { shape: readonly number[]; data: Int8Array | Int32Array },
    scales: Float32Array,
  ): string {
    const integers = this.graph.constant(name, shape, data);
    const scale = this.graph.constant(`${name}.scale`, [scales.length], scales);
    return this.graph.add("DequantizeLinear", [integers, scale, this.#zeros(data, scales.length)], { axis: 0 });
  }

  /** As many zeros of a type; all who need as many share them. */
  #zeros(like: Int8Array | Int32Array, rows: number): string {
    const name = `zeros.${like.BYTES_PER_ELEMENT}x${rows}`;
    if (this.graph.constants.has(name)) return name;
    return this.graph.constant(name, [rows], like instanceof Int8Array ? new Int8Array(rows) : new Int32Array(rows));
  }
}
