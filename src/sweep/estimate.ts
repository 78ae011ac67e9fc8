import type { FlagValues } from "./study.ts";

/** A run whose time is known. */
export interface TimedRun {
  /** Values of its flags, as far as they are known. */
  readonly settings: FlagValues;
  /** Seconds that it took. */
  readonly seconds: number;
}

/** Flags whose number time grows with. */
const EPOCHS = ["epochs", "trainEpochs"];

/**
 * Guesses how long a trial takes from finished runs: as the mean of those that differ from it in the fewest settings other than the
 * seed, in proportion to their epochs.
 *
 * @param settings Values of its flags.
 * @param finished Finished runs of the same command.
 * @returns Seconds on the machine of those runs; undefined without one.
 */
export function estimateSeconds(settings: FlagValues, finished: readonly TimedRun[]): number | undefined {
  if (finished.length === 0) return undefined;
  const distances = finished.map((run) => distanceOf(settings, run.settings));
  const least = Math.min(...distances);
  const near = finished.filter((_, i) => distances[i] === least);
  return near.reduce((sum, run) => sum + run.seconds * ratioOf(settings, run.settings), 0) / near.length;
}

/** In how many settings two runs differ; another dataset weighs most. */
function distanceOf(a: FlagValues, b: FlagValues): number {
  const flags = new Set([...Object.keys(a), ...Object.keys(b)]);
  let distance = 0;
  for (const flag of flags) {
    if (flag === "seed" || JSON.stringify(a[flag]) === JSON.stringify(b[flag])) continue;
    distance += flag === "target" || flag === "data" ? 10 : 1;
  }
  return distance;
}

/** How many times as many epochs one has as the other, as far as both say. */
function ratioOf(a: FlagValues, b: FlagValues): number {
  const shared = EPOCHS.filter((flag) => typeof a[flag] === "number" && typeof b[flag] === "number");
  const sum = (values: FlagValues) => shared.reduce((total, flag) => total + (values[flag] as number), 0);
  return shared.length === 0 || sum(b) === 0 ? 1 : sum(a) / sum(b);
}
