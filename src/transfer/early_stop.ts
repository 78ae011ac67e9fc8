import { equalGenotypes, type Genotype } from "../spaces/mod.ts";

/** What early stopping looks at in an epoch. */
export interface EpochOutcome {
  /** Architecture that would be derived at its end. */
  readonly genotype: Genotype;
  /** Validation loss at its end, in nats. */
  readonly validationLoss: number;
}

/** When a search counts as settled. */
export interface EarlyStopSettings {
  /** Epochs without a change of the genotype and without a better validation loss; 0 never stops. */
  readonly patience: number;
  /** Name of the search space that the genotypes belong to. */
  readonly space: string;
  /** Share by which a loss has to fall below the best one so far to count as better. */
  readonly improvement?: number;
}

/**
 * Tells whether a search has settled: neither the architecture nor the validation loss has moved for some epochs.
 *
 * @param history Epochs so far, oldest first; warm-up epochs, in which alpha rests, are to be left out.
 * @param settings Patience, the space, and what counts as better (0.01, that is one percent, if left out).
 * @returns Whether further epochs can be spared.
 */
export function hasSettled(
  history: readonly EpochOutcome[],
  { patience, space, improvement = 0.01 }: EarlyStopSettings,
): boolean {
  if (patience <= 0 || history.length <= patience) return false;
  const earlier = history.slice(0, -patience);
  const recent = history.slice(-patience);
  const best = Math.min(...earlier.map(({ validationLoss }) => validationLoss));
  const settled = earlier.at(-1)!.genotype;
  return recent.every(({ genotype, validationLoss }) =>
    equalGenotypes(genotype, settled, space) && !(validationLoss < best * (1 - improvement))
  );
}
