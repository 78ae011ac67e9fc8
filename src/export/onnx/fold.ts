import type { State } from "../../network/mod.ts";

/** Of PyTorch's normalisations, and of the kernels. */
const EPSILON = 1e-5;

/** A normalisation with its running statistics: y = scale · x + shift, channel by channel. */
export interface ChannelMap {
  /** One factor a channel. */
  readonly scale: Float64Array;
  /** One term a channel. */
  readonly shift: Float64Array;
}

/** A normalisation of the network. */
export interface Normalisation {
  /** State-dict prefixes that share it. */
  readonly names: readonly string[];
  /** Whether it has a weight and a bias. */
  readonly affine: boolean;
}

/**
 * What a normalisation does in a network that has been trained.
 *
 * @param state The network's state.
 * @param norm The normalisation.
 * @returns Factor and term of each channel, in double precision.
 */
export function channelMap(state: State, { names: [name], affine }: Normalisation): ChannelMap {
  const [mean, variance] = [numbersOf(state, `${name}.running_mean`), numbersOf(state, `${name}.running_var`)];
  const weight = affine ? numbersOf(state, `${name}.weight`) : undefined;
  const bias = affine ? numbersOf(state, `${name}.bias`) : undefined;
  const scale = Float64Array.from(variance, (value, i) => (weight?.[i] ?? 1) / Math.sqrt(value + EPSILON));
  return { scale, shift: scale.map((factor, i) => (bias?.[i] ?? 0) - mean[i]! * factor) };
}

/**
 * Multiplies the filters of a convolution by the factors of the normalisation that follows it.
 *
 * @param filters Weights, outputs first.
 * @param scale One factor an output.
 * @returns The weights of the one operation that does both.
 */
export function scaleFilters(filters: Float32Array, scale: Float64Array): Float32Array {
  const size = filters.length / scale.length;
  return Float32Array.from(filters, (weight, i) => weight * scale[Math.floor(i / size)]!);
}

/**
 * Lays the filters of two 1×1 convolutions, of which the second reads one pixel further down and right, into one of 2×2 that makes
 * the outputs of both.
 *
 * @param first Weights of the first, [outputs, inputs, 1, 1].
 * @param second Those of the second, as many.
 * @returns Weights [2 · outputs, inputs, 2, 2]: zeros, but for the upper left pixel of the first half and the lower right one of the
 * second.
 */
export function shiftedFilters(first: Float32Array, second: Float32Array): Float32Array {
  const filters = new Float32Array(4 * (first.length + second.length));
  first.forEach((weight, i) => filters[4 * i] = weight);
  second.forEach((weight, i) => filters[4 * (first.length + i) + 3] = weight);
  return filters;
}

/**
 * Finds a tensor of floats.
 *
 * @param state The network's state.
 * @param name The tensor.
 * @returns Its numbers.
 * @throws {RangeError} If there is none.
 */
export function numbersOf(state: State, name: string): Float32Array {
  const data = state.get(name)?.data;
  if (data instanceof Float32Array) return data;
  throw new RangeError(`Cannot export: the network has no ${name}`);
}
