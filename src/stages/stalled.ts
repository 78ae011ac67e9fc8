const SMALLEST_GAIN = 0.001;

/**
 * Tells whether a validation accuracy has become flat: no epoch of the last few was better than all before them.
 *
 * @param history Epochs so far, oldest first.
 * @param patience Number of these last epochs; 0 never stops.
 * @returns Whether further epochs can be spared.
 */
export function hasStalled(history: readonly { validAccuracy: number }[], patience: number): boolean {
  if (patience <= 0 || history.length <= patience) return false;
  const best = Math.max(...history.slice(0, -patience).map(({ validAccuracy }) => validAccuracy));
  return history.slice(-patience).every(({ validAccuracy }) => validAccuracy < best + SMALLEST_GAIN);
}
