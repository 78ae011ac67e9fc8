import {
  compareState,
  initialiseNetwork,
  isBatchCounter,
  isOfHead,
  loadState,
  type State,
  type StatefulNetwork,
  type StateTensor,
} from "../network/mod.ts";
import {
  choicesOf,
  costOfSupernet,
  describeSizes,
  describeSpace,
  fitSpace,
  followImages,
  hasSameBody,
  hasSameChoices,
  resizeSpace,
  type Sizes,
  type Space,
  spaceKind,
  wholeSpace,
} from "../spaces/mod.ts";
import type { Network } from "../engine/mod.ts";

/** What is taken over from the source supernet. */
export const PRIORS = ["both", "weights", "alpha", "none"] as const;

/** What is taken over: weights and architecture, one of them, or nothing, which is a search from scratch. */
export type Prior = typeof PRIORS[number];

/** A pretrained supernet. */
export interface Source {
  /** Its search space. */
  readonly space: Space;
  /** Weights and running statistics. */
  readonly state: State;
  /** Architecture parameters. */
  readonly alpha: Float32Array;
}

/** What a target needs of a network. */
export interface TargetShape {
  /** Number of classes. */
  readonly classes: number;
  /** Rows of an image, in pixels. */
  readonly height: number;
  /** Columns of an image, in pixels. */
  readonly width: number;
  /** Channels of an image. */
  readonly channels: 1 | 3;
}

/**
 * The search space of a supernet grafted onto a target: the source's body, with the target's classes and image size. How the
 * images are read, such as by which stem, follows from the target's where they differ enough from the source's, and can be given.
 *
 * It takes the target's input channels, as a search from scratch would, but for a source of colour whose weights meet grey
 * images: it stays one of colour, and batch assembly replicates the grey channel.
 *
 * @param source Space of the source supernet.
 * @param target The target.
 * @param prior What is taken over.
 * @param choices Choices of the space that the user makes, such as `stem`; sizes are the source's.
 * @returns The space.
 * @throws {RangeError} If the kind has no such choice, or it is out of bounds.
 */
export function graftedSpace(source: Space, target: TargetShape, prior: Prior, choices: Sizes = {}): Space {
  const { classes, height, width } = target;
  const inputChannels = takesWeights(prior) && source.inputChannels === 3 ? 3 : target.channels;
  // What was pruned away is part of the architecture prior; a search from scratch knows nothing of it.
  const body = prior === "none" ? wholeSpace(source) : source;
  return resizeSpace(followImages(body, { classes, height, width, inputChannels }), choices);
}

/** Whether a prior takes the source's weights over. */
export function takesWeights(prior: Prior): boolean {
  return prior === "both" || prior === "weights";
}

/** Whether a prior takes the source's architecture parameters over. */
export function takesAlpha(prior: Prior): boolean {
  return prior === "both" || prior === "alpha";
}

/** How a supernet is grafted. */
export interface GraftOptions {
  /** Space of the network, from {@linkcode graftedSpace}. */
  readonly space: Space;
  /** What is taken over. */
  readonly prior: Prior;
  /** How much of the source's alpha is kept, 0 to 1: 0.5 halves all its differences, 0 is a search's own start. */
  readonly strength?: number;
  /** Alpha that a search from scratch would start with. */
  readonly initialAlpha: Float32Array;
  /** The user's seed; whatever is not taken over starts as in a search from scratch with this seed. */
  readonly seed: number;
}

/** What grafting gave. */
export interface Graft {
  /** Alpha to start from. */
  readonly alpha: Float32Array;
  /** Names of the tensors taken over. */
  readonly inherited: readonly string[];
  /** Training batches that the running statistics have seen. */
  readonly batchesTracked: number;
}

/**
 * Grafts a pretrained supernet onto a target: fills the network with the source's body and a new head.
 *
 * The network is first initialised as a search from scratch would do it; the classifier stays that way, and with the
 * prior `none` everything does. Alpha becomes strength · source + (1 − strength) · initial. Where a grey source meets colour
 * images, its stem reads their mean: each of its filters is spread over the three channels in equal parts, and learns to
 * tell them apart. Where the two read images by different stems, tensors of equal name and shape are taken over, and the others
 * start as in a search from scratch.
 *
 * @param network Supernet of the target; weights and running statistics are overwritten.
 * @param source The pretrained supernet.
 * @param options What to take over.
 * @returns Alpha to start from, and what was taken over.
 * @throws {RangeError} If the bodies differ, the strength is out of range, or a tensor does not fit.
 */
export function graft(
  network: StatefulNetwork & Pick<Network, "initialise">,
  source: Source,
  options: GraftOptions,
): Graft {
  const { space, prior, strength = 1, initialAlpha, seed } = options;
  if (!(strength >= 0 && strength <= 1)) {
    throw new RangeError(`Cannot graft supernet: strength is ${strength}, expected a number from 0 to 1`);
  }
  // Alpha knows nothing of sizes; whether it has as many numbers is checked where it is blended.
  if (takesWeights(prior)) checkBody(source.space, space);
  initialiseNetwork(network, seed);
  const alpha = takesAlpha(prior) ? blend(source.alpha, initialAlpha, strength) : initialAlpha.slice();
  if (!takesWeights(prior)) return { alpha, inherited: [], batchesTracked: 0 };
  const body = graftedBody(source, { space, network });
  const { loaded, missing, batchesTracked } = loadState(network, body, { isPartial: true });
  const lacking = missing.find((name) => !isOfHead(name));
  if (lacking !== undefined && hasSameChoices(source.space, space)) {
    throw new RangeError(`Cannot graft supernet: the source has no ${lacking}, expected one`);
  }
  return { alpha, inherited: loaded, batchesTracked };
}

/**
 * Trainable tensors of a supernet's body that start anew when another is grafted onto it, for the two read their images by
 * different stems.
 *
 * @param source Space of the source.
 * @param target Space of the graft.
 * @returns Their names; undefined where both read images alike.
 */
export function listAnew(source: Space, target: Space): string[] | undefined {
  if (hasSameChoices(source, target)) return undefined;
  const { tensors } = costOfSupernet(fitSpace(source, { inputChannels: target.inputChannels }));
  const known = new Map(tensors.map(({ name, shape }) => [name, String(shape)]));
  return costOfSupernet(target).tensors.map(({ name, shape }) => ({ name, shape: String(shape) }))
    .filter(({ name, shape }) => !isOfHead(name) && known.get(name) !== shape).map(({ name }) => name);
}

/**
 * Says what is new of a graft's stem.
 *
 * @param source Space of the source.
 * @param target Space of the graft.
 * @returns Such as `, stem stride4 (6 tensors start anew)`; nothing where both read images alike.
 */
export function describeAnew(source: Space, target: Space): string {
  const anew = listAnew(source, target);
  if (anew === undefined) return "";
  const choices = Object.entries(choicesOf(target)).map(([name, choice]) => `${name} ${choice}`).join(", ");
  return `, ${choices} (${anew.length === 0 ? "no tensor starts" : `${anew.length} tensors start`} anew)`;
}

function checkBody(found: Space, wanted: Space): void {
  if (found.name === wanted.name && hasSameBody({ ...found, ...choicesOf(wanted) }, wanted)) return;
  const [ofSource, expected] = [found, wanted].map((space) =>
    describeSizes(found) === describeSizes(wanted)
      ? `${describeSizes(space)} (${describeSpace(space)})`
      : describeSizes(space)
  );
  throw new RangeError(`Cannot graft supernet: the source has ${ofSource}, expected ${expected}`);
}

function blend(source: Float32Array, initial: Float32Array, strength: number): Float32Array {
  if (source.length !== initial.length) {
    throw new RangeError(
      `Cannot graft supernet: the source's alpha holds ${source.length} numbers, expected ${initial.length}`,
    );
  }
  return initial.map((value, i) => strength * source[i]! + (1 - strength) * value);
}

/**
 * The weights and statistics of a source's body for a target: a grey source's stem is spread over three channels where the
 * target's network reads colour.
 *
 * @param source Supernet or derived network.
 * @param target Space of the target's network.
 * @returns All tensors but those of the heads.
 */
export function bodyFor({ space, state }: Pick<Source, "space" | "state">, target: Space): Map<string, StateTensor> {
  const body = new Map<string, StateTensor>([...state].filter(([name]) => !isOfHead(name)));
  if (space.inputChannels === 1 && target.inputChannels === 3) spreadStem(body, spaceKind(space.name).stem(space));
  return body;
}

/**
 * The body of a source as a network takes it over: {@linkcode bodyFor} it; where the two read images by different stems, without
 * what does not fit the network by name and shape.
 *
 * @param source Supernet or derived network.
 * @param target The network and its space.
 * @returns All tensors that are to be loaded.
 */
export function graftedBody(
  source: Pick<Source, "space" | "state">,
  target: { space: Space; network: Pick<StatefulNetwork, "parameters" | "buffers"> },
): Map<string, StateTensor> {
  const body = bodyFor(source, target.space);
  if (hasSameChoices(source.space, target.space)) return body;
  const { loaded, unexpected } = compareState(target.network, body);
  const [fitting, unknown] = [new Set(loaded), new Set(unexpected)];
  return new Map([...body].filter(([name]) => fitting.has(name) || isBatchCounter(name) && !unknown.has(name)));
}

/** Filters `[K, 1, R, S]` of grey images become `[K, 3, R, S]` of colour. */
function spreadStem(state: Map<string, StateTensor>, name: string): void {
  const stem = state.get(name);
  if (!(stem?.data instanceof Float32Array)) return;
  const [outputs, , ...window] = stem.shape;
  const size = window.reduce((product, side) => product * side, 1);
  const third = stem.data.map((weight) => weight / 3);
  const data = new Float32Array(3 * third.length);
  for (let k = 0; k < 3 * outputs!; k++) data.set(third.subarray(Math.floor(k / 3) * size).subarray(0, size), k * size);
  state.set(name, { shape: [outputs!, 3, ...window], data });
}
