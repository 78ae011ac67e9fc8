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
  /** Share by which a loss has to fall below the best one before to count as better. */
  readonly improvement?: number;
}

/**
 * Tells whether a search has settled: neither the architecture nor the validation loss has moved for some epochs.
 *
 * @param history Epochs so far, oldest first; warm-up epochs, in which alpha rests, are to be left out.
 * @param settings Patience, and what counts as better (0.01, that is one percent, if left out).
 * @returns Whether further epochs can be spared.
 */
export function hasSettled(
  history: readonly EpochOutcome[],
  { patience, improvement = 0.01 }: EarlyStopSettings,
): boolean {
  if (patience <= 0 || history.length <= patience) return false;
  const before = history.slice(0, -patience);
  const recent = history.slice(-patience);
  const best = Math.min(...before.map(({ validationLoss }) => validationLoss));
  const settled = before.at(-1)!.genotype;
  return recent.every(({ genotype, validationLoss }) =>
    equalGenotypes(genotype, settled) && !(validationLoss < best * (1 - improvement))
  );
}
