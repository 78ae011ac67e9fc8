import type { Engine, Network } from "../engine/mod.ts";
import { isOfClassifier, loadState } from "../network/mod.ts";
import { Supernet } from "../search/mod.ts";
import {
  choicesOf,
  describeSizes,
  hasSameBody,
  pickSizes,
  pruneSpace,
  resizeSpace,
  type Space,
} from "../spaces/mod.ts";
import { graft, graftedSpace, meanWeights, takesWeights, type TargetShape } from "../transfer/mod.ts";
import { type NamedSource, openSource } from "../zoo/mod.ts";
import type { SizeGroup } from "./groups.ts";
import type { StartedSupernet } from "./supernet_stage.ts";

/** What a pretraining takes over of a supernet: all, or the architecture prior (alpha, and what was pruned away) with random weights. */
export const CONTINUED_PRIORS = ["both", "alpha"] as const;

/** One of {@linkcode CONTINUED_PRIORS}. */
export type ContinuedPrior = typeof CONTINUED_PRIORS[number];

/** A supernet whose pretraining is to go on. */
export interface Continued {
  /** It as a search from scratch would start: its space has the sizes of the images at hand, and is pruned if that was asked for. */
  readonly blank: Supernet;
  /** What a card's recipe says of where it began: nothing of random weights. */
  readonly origin: Readonly<Record<string, unknown>>;
  /** Fills the network, and gives the alpha to start with. */
  start(network: Network): StartedSupernet;
}

/**
 * Opens a supernet to go on with its pretraining: body and alpha, and the heads if the datasets are those that it knows, in
 * the same order. With the prior `alpha` weights are random, and the sizes may be others: a small supernet finds alpha for a
 * wide one.
 *
 * Of several supernets it is the mean of weights ({@linkcode meanWeights}) and alpha. Running statistics are those of the
 * last, until the first validation renews them.
 *
 * @param from Zoo entry (name or folder), or folder of a run; or several of one space and method, with commas between.
 * @param options The engine; the images' sizes; how they are read and, with the prior `alpha`, other sizes, where the user
 * chose them; the datasets' fingerprints; candidates that each edge is to keep, all if left out; what is taken over, all if left
 * out; the name of the method; seed; the zoo's folder, that of the project if left out.
 * @returns The supernet.
 * @throws {Error} If there is none, it is damaged, it was searched by another method, or several do not fit each other; one line.
 */
export async function openContinued(
  from: string,
  options: {
    engine: Engine;
    shape: TargetShape;
    sizes: SizeGroup;
    datasets: readonly string[];
    keep?: number | undefined;
    prior?: ContinuedPrior | undefined;
    method: string;
    seed: number;
    zoo?: string | undefined;
  },
): Promise<Continued> {
  const { engine, shape, datasets, keep, prior = "both", method, seed } = options;
  const sources = await Promise.all(from.split(",").map((name) => openSource(name, options.zoo)));
  for (const source of sources) checkFits(source, sources[0]!, method);
  const supernets = sources.map(({ supernet }) => supernet);
  const alpha = meanOf(supernets.map(({ alpha }) => alpha));
  const { space: whole } = supernets[0]!;
  const kept = keep === undefined ? whole : pruneSpace(whole, supernets[0]!.with({ alpha }).strengths(), keep);
  const pruned = keep === undefined ? supernets : supernets.map((supernet) => supernet.within(kept));
  const sizes = sizesFor(whole, options.sizes, prior);
  const blank = Supernet.blank(method, graftedSpace(kept, shape, prior, sizes), { engine, seed });
  const knowsHeads = sources.every((source) => String(source.datasets) === String(datasets));
  const fill = (network: Network, source: Supernet) => {
    const { batchesTracked } = graft(network, source, { space: blank.space, prior, initialAlpha: alpha, seed });
    if (knowsHeads && takesWeights(prior)) loadHeads(network, source);
    return batchesTracked;
  };
  return {
    blank,
    origin: { ...originOf(sources, keep), prior: options.prior },
    start(network) {
      const passes = meanWeights(network, pruned.map((source) => () => fill(network, source)));
      return { alpha, batchesTracked: passes.at(-1)! };
    },
  };
}

/**
 * Sizes and choices of a user that count: with weights the sizes are those of the source, and others cannot be had.
 *
 * @throws {RangeError} If weights are taken over and a size differs; names both.
 */
function sizesFor(space: Space, { space: _, ...given }: SizeGroup, prior: ContinuedPrior) {
  const sizes = pickSizes(space.name, given);
  if (!takesWeights(prior)) return sizes;
  const choices = choicesOf({ ...given, name: space.name });
  const resized = resizeSpace(space, sizes);
  if (hasSameBody({ ...space, ...choices }, resized)) return choices;
  throw new RangeError(
    `Cannot go on with ${describeSizes(resized, space)}: the supernet has ${
      describeSizes(space, resized)
    }; other sizes need --prior alpha`,
  );
}

function loadHeads(network: Network, { state }: Supernet): void {
  const heads = [...state].filter(([name]) => isOfClassifier(name));
  loadState(network, new Map(heads), { isPartial: true });
}

/** What a card is to say of the sources: the whole of their pretraining, however many times it went on. */
function originOf(sources: readonly NamedSource[], keep: number | undefined): Continued["origin"] {
  const recipes = sources.flatMap(({ recipe }) => recipe ?? []);
  const continues = sources.length === 1 ? recipes[0] : recipes;
  return { from: sources.map(({ name }) => name).join(), keep, continues: recipes.length > 0 ? continues : undefined };
}

function checkFits(source: NamedSource, first: NamedSource, method: string): void {
  const [{ space, method: own }, { space: other }] = [source.supernet, first.supernet];
  if (own.name !== method) {
    throw new RangeError(`Cannot go on from ${source.name}: its method is ${own.name}, expected ${method}`);
  }
  const fits = hasSameBody(space, other) && space.inputChannels === other.inputChannels;
  if (!fits) {
    throw new RangeError(`Cannot take the mean of ${first.name} and ${source.name}: their spaces differ`);
  }
}

/** Mean of architecture parameters; of one supernet its own, bit for bit. */
function meanOf(alphas: readonly Float32Array[]): Float32Array {
  return alphas[0]!.map((_, i) => alphas.map((alpha) => alpha[i]!).reduce((sum, value) => sum + value) / alphas.length);
}
