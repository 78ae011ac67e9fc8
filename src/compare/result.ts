import { type ByLevel, LEVELS, type Milestones } from "./milestones.ts";
import type { Spread } from "./statistics.ts";
import {
  AMOUNT,
  hasShape,
  listOf,
  NUMBER,
  oneOf,
  optional,
  record,
  type Shape,
  SHARE,
  TEXT,
  whole,
  YES_OR_NO,
} from "../run/mod.ts";
import { EPOCH_SHAPE, type EpochRecord } from "../stages/mod.ts";

/** Name of the arm that others are measured by. */
export const SCRATCH = "scratch";

/** Name of the arm that is the floor: an architecture that nobody searched. */
export const FLOOR = "random-genotype";

/** A run of an arm: one target, one seed. */
export interface ArmRun extends Milestones {
  /** The user's seed. */
  readonly seed: number;
  /** Supernet that it started from, or file of features; null if from nothing. */
  readonly source: string | null;
  /** Folder of the run within that of the comparison. */
  readonly folder: string;
  /** Epochs with accuracy on held-out images, from 0 where a head was fitted before the first; without, for an arm that trains on all images from the start. */
  readonly curve: readonly EpochRecord[];
  /** Epochs planned for the curve. A level that is not reached counts as later than these. */
  readonly budgetEpochs: number;
  /** Seconds that these take: the last of the curve, and proportionally more if it stopped early. */
  readonly budgetSeconds: number;
  /** Best validation accuracy of the curve; null if it has none. */
  readonly bestValidAccuracy: number | null;
  /** Accuracy of the final network on the test images. */
  readonly testAccuracy: number;
  /** Trainable numbers of the final network. */
  readonly parameters: number;
  /** Its multiply-adds for one image; null if they are not known. */
  readonly macs: number | null;
  /** Epochs of all stages. */
  readonly epochs: number;
  /** Seconds from the dataset to the final network. */
  readonly seconds: number;
}

/** Differences of two arms over pairs of the same target and seed, and what chance has to say of them. */
export interface PairedDifference extends Spread {
  /** Pairs in which the first arm is better. */
  readonly better: number;
  /** Pairs in which it is worse. */
  readonly worse: number;
  /** Two-sided probability of so large a mean by chance, from the sign-flip test over the pairs; null for no pairs. */
  readonly p: number | null;
}

/** An arm on a target. */
export interface TargetArm {
  /** Name. */
  readonly arm: string;
  /** Supernets that it started from, with commas if seeds chose different ones; null if from nothing. */
  readonly source: string | null;
  /** Its runs. */
  readonly seeds: readonly ArmRun[];
  /** Final test accuracy over the seeds. */
  readonly testAccuracy: Spread;
  /** Its difference from scratch's; null without that arm. */
  readonly againstScratch: PairedDifference | null;
}

/** A target with all arms. */
export interface TargetComparison {
  /** Name or folder, as the user gave it. */
  readonly name: string;
  /** The arms. */
  readonly arms: readonly TargetArm[];
}

/** How many times fewer epochs or seconds an arm needs than scratch. */
export interface Speedup {
  /** Geometric mean over targets of the geometric means over seeds; null if there is nothing to compare. */
  readonly ratio: number | null;
  /** Whether some run never reached the level, so that the true ratio is below this one. */
  readonly isUpperBound: boolean;
}

/** An arm over all targets. */
export interface ArmSummary {
  /** Name. */
  readonly arm: string;
  /** Number of runs. */
  readonly runs: number;
  /** Final test accuracy: mean of the targets' means, spread over targets (over seeds if there is one target). */
  readonly testAccuracy: Spread;
  /** Mean number of parameters. */
  readonly parameters: number;
  /** Mean number of multiply-adds; null if they are not known. */
  readonly macs: number | null;
  /** Mean seconds from the dataset to the final network. */
  readonly seconds: number;
  /** Runs that reached each level. */
  readonly reached: ByLevel;
  /** Against scratch, in epochs, where a fitted head alone counts as a quarter of one; by level. */
  readonly fewerEpochs: Readonly<Record<string, Speedup>>;
  /** Against scratch, in seconds; by level. */
  readonly fewerSeconds: Readonly<Record<string, Speedup>>;
  /** Against scratch, in seconds from the dataset to the final network. */
  readonly fewerTotalSeconds: Speedup;
}

/** Two arms over all targets. */
export interface ArmPair {
  /** One arm. */
  readonly arm: string;
  /** The other. */
  readonly against: string;
  /** Differences of test accuracy over targets and seeds. */
  readonly overRuns: PairedDifference;
  /** Differences of the targets' means: seeds of one target are no independent evidence. */
  readonly overTargets: PairedDifference;
}

/** How far the best supernet transfer is ahead of the best of all that needs no supernet. */
export interface Lead {
  /** The best transfer by mean test accuracy. */
  readonly arm: string;
  /** The best opponent. */
  readonly opponent: string;
  /** Differences of test accuracy over targets and seeds. */
  readonly overRuns: PairedDifference;
  /** Differences of the targets' means. */
  readonly overTargets: PairedDifference;
}

/** What a comparison comes to. */
export interface ComparisonSummary {
  /** Arms. */
  readonly arms: readonly ArmSummary[];
  /** Every two of them. */
  readonly pairs: readonly ArmPair[];
  /** Lead over the best opponent; absent without a transfer or an opponent, and in results from before there was one. */
  readonly lead?: Lead | undefined;
}

/** How far a source is from a target, and what it was worth there. */
export interface DistanceBenefit {
  /** Target, as the user named it. */
  readonly target: string;
  /** Entry of the zoo. */
  readonly source: string;
  /** Optimal-transport dataset distance. */
  readonly distance: number;
  /** The same in units of the mean cost within the target, so that those of different targets can be compared. */
  readonly relativeDistance: number;
  /**
   * Validation accuracy minus that of scratch, mean over the epochs that both have and over the seeds: how far ahead the
   * transfer is while it learns.
   */
  readonly benefit: number;
}

/** Whether nearer sources are worth more. */
export interface DistanceCorrelation {
  /** Every source on every target. */
  readonly pairs: readonly DistanceBenefit[];
  /** Spearman's rank correlation of relative distance and benefit over all pairs; negative if nearer sources are worth more. */
  readonly overPairs: number | null;
  /** The mean of those within each target: whether the distance chooses well among sources. */
  readonly withinTargets: number | null;
}

/** What `compare` answers. */
export interface CompareResult {
  /** Command. */
  readonly command: "compare";
  /** The user's seeds. */
  readonly seeds: readonly number[];
  /** Seconds of all runs. */
  readonly seconds: number;
  /** Arms that were asked for but cannot be run, and why. */
  readonly leftOut: readonly { readonly arm: string; readonly reason: string }[];
  /** Targets on which an entry of the zoo was pretrained. */
  readonly overlaps: readonly { readonly target: string; readonly entry: string }[];
  /** All runs. */
  readonly targets: readonly TargetComparison[];
  /** Whether nearer sources are worth more, where arms start from named entries. */
  readonly distance?: DistanceCorrelation | undefined;
  /** What they come to. */
  readonly summary: ComparisonSummary;
  /** Build, mode and threads. */
  readonly [further: string]: unknown;
}

/** Whether a value, such as the content of a `result.json`, is the result of a comparison. */
export function isCompareResult(value: unknown): value is CompareResult {
  return hasShape(value, COMPARE_SHAPE);
}

/** Null stands where there is nothing to measure. */
function orNull(shape: Shape): Shape {
  return (value, place) => value === null ? undefined : shape(value, place);
}

const PERHAPS = orNull(NUMBER);

const SPREAD = { count: whole(0), mean: PERHAPS, standardError: PERHAPS };
const DIFFERENCE = record({ ...SPREAD, better: whole(0), worse: whole(0), p: PERHAPS });
const SPEEDUP = record({ ratio: PERHAPS, isUpperBound: YES_OR_NO });
const BY_LEVEL = record(Object.fromEntries(LEVELS.map((level) => [level, PERHAPS])));

const RUN = record({
  seed: whole(0),
  source: orNull(TEXT),
  folder: TEXT,
  curve: listOf(EPOCH_SHAPE),
  epochsToReach: BY_LEVEL,
  secondsToReach: BY_LEVEL,
  budgetEpochs: AMOUNT,
  budgetSeconds: AMOUNT,
  bestValidAccuracy: PERHAPS,
  testAccuracy: SHARE,
  parameters: AMOUNT,
  macs: orNull(AMOUNT),
  epochs: AMOUNT,
  seconds: AMOUNT,
});

const ARM = record({
  arm: TEXT,
  source: orNull(TEXT),
  seeds: listOf(RUN, 1),
  testAccuracy: record(SPREAD),
  againstScratch: orNull(DIFFERENCE),
});

const SUMMARY = record({
  arm: TEXT,
  runs: whole(0),
  testAccuracy: record(SPREAD),
  parameters: AMOUNT,
  macs: orNull(AMOUNT),
  seconds: AMOUNT,
  reached: BY_LEVEL,
  fewerEpochs: record(Object.fromEntries(LEVELS.map((level) => [level, SPEEDUP]))),
  fewerSeconds: record(Object.fromEntries(LEVELS.map((level) => [level, SPEEDUP]))),
  fewerTotalSeconds: SPEEDUP,
});

/** What reports read of a comparison. */
const COMPARE_SHAPE = record({
  command: oneOf("compare"),
  seeds: listOf(whole(0), 1),
  seconds: AMOUNT,
  leftOut: listOf(record({ arm: TEXT, reason: TEXT })),
  overlaps: listOf(record({ target: TEXT, entry: TEXT })),
  targets: listOf(record({ name: TEXT, arms: listOf(ARM) })),
  summary: record({
    arms: listOf(SUMMARY),
    pairs: listOf(record({ arm: TEXT, against: TEXT, overRuns: DIFFERENCE, overTargets: DIFFERENCE })),
    lead: optional(record({ arm: TEXT, opponent: TEXT, overRuns: DIFFERENCE, overTargets: DIFFERENCE })),
  }),
});
