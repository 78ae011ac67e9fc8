import type { Network } from "../engine/mod.ts";
import { candidateOf, holdsCandidate, layCells, loadState, PRIMITIVES, type Space } from "../network/mod.ts";
import { createMethod, pruneSpace } from "../search/mod.ts";
import { graft, graftedSpace, type TargetShape } from "../transfer/mod.ts";
import type { StartedSupernet } from "./supernet_stage.ts";
import { type NamedSource, openSource } from "./zoo.ts";

/** A supernet whose pretraining is to go on. */
export interface Continued {
  /** Its space, with the sizes of the images at hand, and pruned if that was asked for. */
  readonly space: Space;
  /** What a card's recipe says of where it began: nothing of random weights. */
  readonly origin: Readonly<Record<string, unknown>>;
  /** Fills the network, and gives the alpha to start with. */
  start(network: Network): StartedSupernet;
}

/**
 * Opens a supernet to go on with its pretraining: body and alpha, and the heads if the datasets are those that it knows, in
 * the same order.
 *
 * @param from Zoo entry (name or folder), or folder of a run.
 * @param options The images' sizes; the datasets' fingerprints; candidates that each edge is to keep, all if left out; the
 * name of the method; seed; the zoo's folder, that of the project if left out.
 * @returns The supernet.
 * @throws {Error} If there is none, it is damaged, or it was searched by another method; one line.
 */
export async function openContinued(
  from: string,
  options: {
    shape: TargetShape;
    datasets: readonly string[];
    keep?: number;
    method: string;
    seed: number;
    zoo?: string;
  },
): Promise<Continued> {
  const { shape, datasets, keep, seed } = options;
  const source = await openSource(from, options.zoo);
  if (source.method !== options.method) {
    throw new RangeError(
      `Cannot go on from ${source.name}: its method is ${source.method}, expected ${options.method}`,
    );
  }
  const { strengths } = createMethod(source.method, source.space);
  const pruned = keep === undefined ? source : prune(source, pruneSpace(source.space, strengths(source.alpha), keep));
  const space = graftedSpace(pruned.space, shape, "both");
  const knowsHeads = String(source.datasets) === String(datasets);
  return {
    space,
    origin: {
      from: source.name,
      ...(keep !== undefined && { keep }),
      // So that a card tells the whole of a pretraining, however many times it went on.
      ...(source.recipe && { before: source.recipe }),
    },
    start(network) {
      const { alpha, batchesTracked } = graft(network, pruned, {
        space,
        prior: "both",
        initialAlpha: source.alpha,
        seed,
      });
      if (knowsHeads) {
        const heads = [...source.state].filter(([name]) => name.startsWith("classifier."));
        loadState(network, new Map(heads), { isPartial: true });
      }
      return { alpha, batchesTracked };
    },
  };
}

/** A supernet without the tensors of the candidates that its pruned space no longer holds. */
function prune(source: NamedSource, space: Space): NamedSource {
  const cells = layCells(space.cells, space.channels);
  const isKept = (name: string) => {
    const place = candidateOf(name);
    return place === undefined ||
      holdsCandidate(space, cells[place.cell]!.type, place.edge, PRIMITIVES[place.operation]!);
  };
  return { ...source, space, state: new Map([...source.state].filter(([name]) => isKept(name))) };
}
