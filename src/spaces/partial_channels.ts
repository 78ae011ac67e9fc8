import type { GraphBuilder, Tensor } from "../network/mod.ts";
import type { SupernetRequest } from "./space.ts";

/** A supernet of which one channel in so many goes through the candidates, for all or, if it is undefined, all channels. */
export interface PartialChannels {
  /** One channel in this many goes through the candidates, the others pass by; all of them do if left out. */
  readonly channelShare?: number | undefined;
}

/** What passes by the candidates of an edge. */
export interface Bypass {
  /** The state that the edge reads, all of its channels, as {@linkcode passBy} gives it. */
  readonly x: Tensor;
  /** First of the edge's mixing weights. */
  readonly mix: number;
  /** Number of its mixing weights, which add up to its own weight. */
  readonly mixes: number;
}

const LARGEST = 64;

/**
 * Reads the share of channels of a space that comes from outside.
 *
 * @param value Its `channelShare`, which may be anything.
 * @param channels Channels of the first cell; those of the others are multiples.
 * @returns The share; undefined if there is none.
 * @throws {RangeError} If it is no number of 2 and more that divides the channels.
 */
export function checkChannelShare(value: unknown, channels: number): number | undefined {
  if (value === undefined) return undefined;
  const isShare = typeof value === "number" && Number.isInteger(value) && value >= 2 && value <= LARGEST;
  if (!isShare) {
    throw new RangeError(
      `Cannot read space: channelShare is ${JSON.stringify(value)}, expected an integer from 2 to ${LARGEST}`,
    );
  }
  if (channels % value !== 0) {
    throw new RangeError(
      `Cannot build the supernet: channels is ${channels}, expected a multiple of ${value}, for one in ${value} goes through the candidates`,
    );
  }
  return value;
}

/**
 * Grants a method its share of channels.
 *
 * @param space The space.
 * @param request What the method asks for.
 * @param check Checks the space with what was granted.
 * @returns The space with the share.
 * @throws {RangeError} If the method asks for anything else, or the channels are not divided by it.
 */
export function adaptChannels<Of extends PartialChannels & { readonly name: string }>(
  space: Of,
  { channelShare, ...others }: SupernetRequest,
  check: (space: Of) => Of,
): Of {
  const [unknown] = Object.keys(others);
  if (unknown !== undefined) {
    throw new RangeError(
      `Cannot build the supernet: space ${space.name} has no ${unknown}, which the method asks for, expected channelShare`,
    );
  }
  return check({ ...space, channelShare: channelShare as number });
}

/**
 * Words what a supernet holds of the whole one.
 *
 * @param name Name of its kind of space.
 * @param part The share of the channels, and what each edge may still become; all of both if left out.
 * @returns Such as `darts, 1/4 of the channels, 3 an edge`.
 */
export function describePart(
  name: string,
  { channelShare, candidates }: PartialChannels & { candidates?: readonly (readonly unknown[])[] | undefined },
): string {
  const whole = channelShare === undefined ? name : `${name}, 1/${channelShare} of the channels`;
  return candidates === undefined ? whole : `${whole}, ${Math.max(...candidates.map(({ length }) => length))} an edge`;
}

/**
 * The channels of a state that go through the candidates: the first ones.
 *
 * @param builder Receives the instruction.
 * @param x The state.
 * @param space Tells the share.
 * @returns The state itself where all do.
 */
export function takeShare(builder: GraphBuilder, x: Tensor, { channelShare }: PartialChannels): Tensor {
  if (channelShare === undefined) return x;
  return builder.channels([{ x, start: 0, count: x.channels / channelShare }]);
}

/**
 * What passes by the candidates of the edges that leave a state.
 *
 * @param builder Receives the instruction.
 * @param x The state.
 * @param stride 2 where its edges halve the map.
 * @returns The state, or a maximum pooling of it. Maps of even sizes are pooled over 2×2 pixels, as in the paper's code; others over 3×3,
 *   so that they are as large as what the candidates put out.
 */
export function passBy(builder: GraphBuilder, x: Tensor, stride: 1 | 2): Tensor {
  if (stride === 1) return x;
  const window = x.height % 2 === 0 && x.width % 2 === 0 ? { kernel: 2, padding: 0 } : { kernel: 3, padding: 1 };
  return builder.pool(x, { kind: "max", stride, ...window });
}

/**
 * Adds a node up: what the candidates of its edges put out, and where these have a share of the channels the others as they are, each edge's
 * by the sum of its mixing weights. Both lie beside each other and are shuffled, so that other channels have their turn next. As the
 * shuffle is the same for all edges, it is done once a node; the paper does it for each edge, to the same result.
 *
 * Source: Xu et al., PC-DARTS, 2020, section 3.1; `MixedOp` and `Cell` of its `model_search.py`.
 *
 * @param builder Receives the instructions.
 * @param terms Outputs of the candidates.
 * @param options The bypasses of all edges, a tensor as the node's terms are, and the share.
 * @returns The node.
 */
export function combineShare(
  builder: GraphBuilder,
  terms: { x: Tensor; mix: number }[],
  { bypasses, like, channelShare }: PartialChannels & { bypasses: readonly Bypass[]; like: Tensor },
): Tensor {
  const mixed = builder.combine(terms, like);
  if (channelShare === undefined) return mixed;
  const passed = builder.combine([...bypasses]);
  const count = passed.channels / channelShare;
  const rest = { x: passed, start: count, count: passed.channels - count };
  return builder.channels([{ x: mixed, start: 0, count }, rest], channelShare);
}
