import {
  AMOUNT,
  checkedBy,
  hasShape,
  listOf,
  NUMBER,
  oneOf,
  optional,
  record,
  SHARE,
  TEXT,
  whole,
} from "../../run/mod.ts";
import { checkGenotype, COUNTED_COSTS, type CountedCost, type Genotype, type Space } from "../../spaces/mod.ts";
import type { InferenceTiming, RunResult } from "../../stages/mod.ts";

/** A cost of a network by which it may be chosen: counted, or measured. */
export type SizeName = CountedCost | "milliseconds";

/** What a network must not exceed, as far as it is limited. */
export type SizeBudget = { readonly [name in SizeName]?: number | undefined };

/** A network, how large it is, and how it does. */
export interface SizedNetwork {
  /** Trainable numbers, without those that predictions do not use. */
  readonly parameters: number;
  /** Multiply-adds for one image. */
  readonly macs: number;
  /** Measured time of one image in the engine's inference: depends on the machine. */
  readonly milliseconds: number;
  /** Accuracy on held-out images; of a point with the supernet's weights, before any training. */
  readonly validAccuracy?: number | undefined;
  /** Accuracy of the trained network on the test images, if it was trained. */
  readonly testAccuracy?: number | undefined;
  /** Mean loss on the test images, in nats. */
  readonly testLoss?: number | undefined;
  /** Folder of the trained network: within that of this run, or another run's. */
  readonly folder?: string | undefined;
  /** Architecture. */
  readonly genotype: Genotype;
}

/** The network for a budget. */
export interface ParetoPoint extends SizedNetwork {
  /** What it was not to exceed. */
  readonly budget: SizeBudget;
  /** How strongly alpha speaks for it: sum over its parts. */
  readonly strength: number;
  /** Accuracy on held-out images with the supernet's weights and a fitted head. */
  readonly validAccuracy: number;
  /** Mean loss on them, in nats. */
  readonly validLoss: number;
}

/** The network of another run, set beside. */
export interface ParetoNeighbour extends SizedNetwork {
  /** Folder of the run. */
  readonly name: string;
  /** Command that it is a run of. */
  readonly command: string;
}

/** Networks of every size from one supernet: the content of `result.json`. */
export interface ParetoResult {
  /** Command. */
  readonly command: "pareto";
  /** Dataset, as the user named it. */
  readonly target: string;
  /** Folder of the run whose supernet it is: within that of this run, or as the user named it. */
  readonly supernet: string;
  /** The user's seed. */
  readonly seed: number;
  /** Seconds of all that was done, a finetuning and trainings included. */
  readonly seconds: number;
  /** Sizes of the supernet. */
  readonly space: Space;
  /** The cost that front and knee are about. */
  readonly axis: SizeName;
  /** The networks, by size. */
  readonly points: readonly ParetoPoint[];
  /** Indices of those points than which no other is both as small and as accurate on held-out images. */
  readonly front: readonly number[];
  /** Index of the point from which on accuracy on held-out images costs more than on average. */
  readonly knee: number;
  /** Networks of other runs. */
  readonly also: readonly ParetoNeighbour[];
  /** How milliseconds were measured; the only figures that are not the same on every machine. */
  readonly timing: InferenceTiming & { readonly threads: number };
  /** Build, mode and threads. */
  readonly [further: string]: unknown;
}

/** The costs by which networks may be chosen, as messages and pages call them. */
export const SIZE_WORDS = {
  ...Object.fromEntries(COUNTED_COSTS.map(({ name, words }) => [name, words])) as Record<CountedCost, string>,
  milliseconds: "milliseconds",
} as const satisfies Readonly<Record<SizeName, string>>;

/** Names of these costs; the first that is limited is the one that front and knee are about. */
export const SIZE_NAMES = Object.keys(SIZE_WORDS) as readonly SizeName[];

const BUDGET = record({ parameters: optional(AMOUNT), macs: optional(AMOUNT), milliseconds: optional(AMOUNT) });

/** What the sizes of a network must be in a file. */
export const SIZE_SHAPES = { parameters: whole(1), macs: whole(1), milliseconds: AMOUNT };

const NETWORK = {
  ...SIZE_SHAPES,
  testAccuracy: optional(SHARE),
  testLoss: optional(AMOUNT),
  folder: optional(TEXT),
  genotype: record({}),
};

const POINT = record({ ...NETWORK, budget: BUDGET, strength: NUMBER, validAccuracy: SHARE, validLoss: AMOUNT });

const RESULT = record({
  command: oneOf("pareto"),
  target: TEXT,
  supernet: TEXT,
  seed: whole(0),
  seconds: AMOUNT,
  space: record({ name: TEXT }),
  axis: oneOf(...SIZE_NAMES),
  points: listOf(POINT, 1),
  front: listOf(whole(0), 1),
  knee: whole(0),
  also: listOf(record({ ...NETWORK, name: TEXT, command: TEXT, validAccuracy: optional(SHARE) })),
  timing: record({ batch: whole(1), passes: whole(1), threads: whole(1) }),
});

/** Whether a value, such as the content of a `result.json`, is the result of this pipeline. */
export function isParetoResult(value: unknown): value is ParetoResult {
  return hasShape(value, RESULT) && hasShape(value, checkedBy(checkParts));
}

function checkParts(value: unknown): void {
  const { points, front, knee, space } = value as ParetoResult;
  for (const { genotype } of points) checkGenotype(genotype, space.name);
  const absent = [...front, knee].find((index) => index >= points.length);
  if (absent !== undefined) throw new RangeError(`point ${absent} is not there`);
}

/** What was trained of a point, as far as it was. */
export function describeTrained({ testAccuracy, testLoss }: RunResult, folder: string) {
  return { testAccuracy, testLoss, folder };
}
