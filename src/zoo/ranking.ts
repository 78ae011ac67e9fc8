import type { Engine } from "../engine/mod.ts";
import type { DatasetSignature } from "./signature.ts";

/** Pairs of classes that a ranking names. */
const CLOSEST = 3;

/** From this ratio of sides on, what a supernet has learnt in images of one side is no help in those of another. */
const FOREIGN_RATIO = 2;

/** A supernet that a transfer could start from. */
export interface Candidate {
  /** Name of the zoo entry. */
  readonly name: string;
  /** Side of the images that it has seen, in pixels. */
  readonly side: number;
  /** What it was pretrained on. */
  readonly signatures: readonly DatasetSignature[];
}

/** A class of the target beside one of the source. */
export interface ClassPair {
  /** Name of the target's class. */
  readonly target: string;
  /** Name of the source's class. */
  readonly source: string;
  /** Squared 2-Wasserstein distance of their Gaussians. */
  readonly distance: number;
}

/** A candidate and how far its data is from the target. */
export interface RankedSource {
  /** Name of the zoo entry. */
  readonly name: string;
  /** Side of the images that it has seen, in pixels. */
  readonly side: number;
  /** Distance of the nearest of its datasets, in squared units of the features. */
  readonly distance: number;
  /** The same in units of the mean cost within the target, so that distances of several targets can be compared. */
  readonly relativeDistance: number;
  /** Each of its datasets with its distance, the nearest first. */
  readonly sources: readonly { readonly name: string; readonly distance: number }[];
  /** Pairs of classes of the target and the nearest dataset that are closest. */
  readonly closest: readonly ClassPair[];
  /** Seconds that it took. */
  readonly seconds: number;
}

/**
 * Measures how far the data of a candidate is from a target: optimal-transport dataset distance, between features of the
 * embedding network, to the nearest of its datasets. The supernet is as good for the target as its nearest source at least, hence not the mean.
 *
 * @param engine Computes the transport between features.
 * @param target The target.
 * @param candidate The candidate.
 * @param options `epsilon`: see {@linkcode Engine.datasetDistance}.
 * @returns Its distance and why.
 * @throws {Error} If features are not finite, or sizes are out of range.
 */
export function measureSource(
  engine: Pick<Engine, "datasetDistance">,
  target: DatasetSignature,
  { name, side, signatures }: Candidate,
  { epsilon }: { epsilon?: number } = {},
): RankedSource {
  const startedAt = performance.now();
  const place = ({ features, labels, classes }: DatasetSignature) => ({ features, labels, classes: classes.length });
  const measured = signatures.map((signature) => {
    const settings = epsilon === undefined ? {} : { epsilon };
    return { signature, found: engine.datasetDistance(place(target), place(signature), settings) };
  }).sort((a, b) => a.found.distance - b.found.distance);
  const { signature, found } = measured[0]!;
  return {
    name,
    side,
    distance: found.distance,
    // All images of a target may be equal.
    relativeDistance: found.distance / (found.withinFirst.meanCost || 1),
    sources: measured.map(({ signature, found }) => ({ name: signature.name, distance: found.distance })),
    closest: findClosest(found.labelDistances, target.classes, signature.classes),
    seconds: Math.round(performance.now() - startedAt) / 1000,
  };
}

/**
 * Sorts candidates, the nearest first; of equally near ones those of more datasets, for what has seen more transfers better;
 * then by name. Distances are taken between small copies of all images, so they do not tell pixels that a supernet has never seen:
 * those whose images have at most half or at least twice the target's side come last.
 *
 * @param measured The candidates.
 * @param side Side of the target's images, in pixels.
 */
export function rankSources(measured: readonly RankedSource[], side: number): RankedSource[] {
  return measured.toSorted((a, b) =>
    Number(isForeign(a.side, side)) - Number(isForeign(b.side, side)) ||
    a.distance - b.distance || b.sources.length - a.sources.length || (a.name < b.name ? -1 : 1)
  );
}

function isForeign(side: number, other: number): boolean {
  return Math.max(side, other) >= FOREIGN_RATIO * Math.min(side, other);
}

function findClosest(distances: Float64Array, targets: readonly string[], sources: readonly string[]): ClassPair[] {
  const pairs = targets.flatMap((target, i) =>
    sources.map((source, j) => ({ target, source, distance: distances[i * sources.length + j]! }))
  );
  return pairs.filter(({ distance }) => !Number.isNaN(distance)).sort((a, b) => a.distance - b.distance)
    .slice(0, CLOSEST);
}
