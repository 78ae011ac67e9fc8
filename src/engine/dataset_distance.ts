import type { Kernels } from "./kernels.ts";

/** A dataset as points in a space of features. */
export interface LabelledFeatures {
  /** [images, features] row-major. Bytes count as byte / 255. */
  readonly features: Float32Array | Uint8Array;
  /** Class of each image. */
  readonly labels: ArrayLike<number>;
  /** Number of classes; not all need have images. */
  readonly classes: number;
}

/** How datasets are compared. */
export interface DistanceOptions {
  /** Entropic regularisation as a share of the mean cost between the datasets; default 0.05. */
  readonly epsilon?: number;
  /** Violation of the marginals, summed over images, at which the iteration ends; default 0.0001. */
  readonly tolerance?: number;
  /** Most updates at the last regularisation; default 1,000. */
  readonly iterations?: number;
}

/** Entropic optimal transport between two sets of points. */
export interface Transport {
  /** Dual value: the least of ⟨P, C⟩ + ε KL(P | a⊗b) over plans P. */
  readonly value: number;
  /** Updates of both potentials, those at larger regularisations included. */
  readonly iterations: number;
  /** Sum of |marginal − weight| over the images that is left. */
  readonly violation: number;
  /** Mean of all costs, in squared units of the features. */
  readonly meanCost: number;
}

/** How far apart two datasets are. */
export interface DatasetDistance {
  /** OT(first, second) − ½ OT(first, first) − ½ OT(second, second), in squared units of the features. */
  readonly distance: number;
  /** Regularisation in the same units. */
  readonly epsilon: number;
  /** Transport between the datasets. */
  readonly between: Transport;
  /** Transport within the first. */
  readonly withinFirst: Transport;
  /** Transport within the second. */
  readonly withinSecond: Transport;
  /** Squared 2-Wasserstein distances of the classes' Gaussians, [first, second] row-major; NaN where a class has no image. */
  readonly labelDistances: Float64Array;
}

/** Regularisation as a share of the mean cost, where nothing else is said. */
export const DEFAULT_EPSILON = 0.05;

const MOST_ITERATIONS = 1_000_000;

/** Compares datasets; see `Engine.datasetDistance`. */
export function datasetDistance(
  kernels: Kernels,
  first: LabelledFeatures,
  second: LabelledFeatures,
  { epsilon = DEFAULT_EPSILON, tolerance = 1e-4, iterations = 1000 }: DistanceOptions,
): DatasetDistance {
  check("epsilon", epsilon, epsilon >= 1e-4 && epsilon <= 100, "0.0001 to 100");
  check("tolerance", tolerance, tolerance > 0 && tolerance < 1, "more than 0 and less than 1");
  const isCount = Number.isInteger(iterations) && iterations >= 1 && iterations <= MOST_ITERATIONS;
  check("iterations", iterations, isCount, `a whole number from 1 to ${MOST_ITERATIONS}`);
  const floats = ({ features }: LabelledFeatures) =>
    features instanceof Float32Array ? features : kernels.features_of_bytes(features);
  const numbers = kernels.dataset_distance(
    floats(first),
    Uint32Array.from(first.labels),
    floats(second),
    Uint32Array.from(second.labels),
    Uint32Array.of(first.classes, second.classes),
    Float64Array.of(epsilon, tolerance, iterations),
  );
  const transport = (at: number): Transport => {
    const [value, iterations, violation, meanCost] = numbers.subarray(at, at + 4);
    return { value: value!, iterations: iterations!, violation: violation!, meanCost: meanCost! };
  };
  return {
    distance: numbers[0]!,
    epsilon: numbers[1]!,
    between: transport(2),
    withinFirst: transport(6),
    withinSecond: transport(10),
    labelDistances: numbers.slice(14),
  };
}

function check(setting: string, found: number, isRight: boolean, expected: string): void {
  if (!isRight) throw new RangeError(`Cannot compare datasets: ${setting} is ${found}, expected ${expected}`);
}
