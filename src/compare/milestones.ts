import type { EpochRecord } from "../stages/mod.ts";

/** Shares of scratch's best validation accuracy that a comparison looks at, in percent. */
export const LEVELS = [90, 95, 99, 100] as const;

/** One of {@linkcode LEVELS}, as a property's name. */
export type Level = `${typeof LEVELS[number]}`;

/** A number a level; null if the level was not reached, or there is nothing to measure by. */
export type ByLevel = Readonly<Record<Level, number | null>>;

/** When a run reached each level. */
export interface Milestones {
  /** Epochs until then; 0 if a head fitted before the first was enough. */
  readonly epochsToReach: ByLevel;
  /** Seconds until then, from the very start of the run. */
  readonly secondsToReach: ByLevel;
}

/** Sums in another order differ in the last digits. */
const TOLERANCE = 1e-12;

/**
 * Finds the first epochs in which a curve reached shares of a reference.
 *
 * @param curve Epochs of a run, in order. Those without a validation accuracy reach nothing.
 * @param best The reference: best validation accuracy of the search from scratch; undefined if there is none.
 * @returns Epochs and seconds to each level.
 */
export function findMilestones(curve: readonly EpochRecord[], best: number | undefined): Milestones {
  const reached = LEVELS.map((level) => {
    if (best === undefined) return [level, undefined] as const;
    const wanted = best * level / 100 - TOLERANCE;
    return [level, curve.find(({ validAccuracy }) => validAccuracy !== undefined && validAccuracy >= wanted)] as const;
  });
  const take = (what: "epoch" | "seconds") =>
    Object.fromEntries(reached.map(([level, point]) => [level, point?.[what] ?? null])) as unknown as ByLevel;
  return { epochsToReach: take("epoch"), secondsToReach: take("seconds") };
}

/** Best validation accuracy of a curve; undefined if it has none. */
export function bestOf(curve: readonly EpochRecord[]): number | undefined {
  const accuracies = curve.flatMap(({ validAccuracy }) => validAccuracy === undefined ? [] : [validAccuracy]);
  return accuracies.length === 0 ? undefined : Math.max(...accuracies);
}
