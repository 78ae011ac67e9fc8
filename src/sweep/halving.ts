import type { Halving } from "./study.ts";

/** What a trial has reached at each epoch at which trials are looked at. */
export type Looks = Readonly<Record<string, number>>;

/** What is to be known of another trial of the study. */
export interface HalvingView {
  /** The trial. */
  readonly id: string;
  /** What it has reached. */
  readonly looks: Looks;
}

/**
 * Lists the epochs at which trials are looked at, up to one.
 *
 * @param halving First epoch, and the factor between them.
 * @param most Last epoch that is asked for.
 * @returns Epochs, the first first.
 */
export function lookEpochs({ from, factor }: Pick<Halving, "from" | "factor">, most: number): number[] {
  const epochs: number[] = [];
  for (let epoch = from; epoch <= most; epoch *= factor) epochs.push(epoch);
  return epochs;
}

/**
 * Tells whether a trial lags: at the last epoch at which it was looked at, it is not among the best of those that came so far, one in
 * `factor` of them. As trials are not waited for, the first ones there always go on.
 *
 * @param looks What it has reached.
 * @param peers The other trials.
 * @param halving Which figure counts, and how many go on.
 * @returns The epoch at which it lags; undefined if it goes on.
 */
export function lagsBehind(
  looks: Looks,
  peers: readonly HalvingView[],
  { metric, factor }: Halving,
): number | undefined {
  const epoch = Object.keys(looks).map(Number).sort((a, b) => b - a)[0];
  if (epoch === undefined) return undefined;
  const sign = /loss$/i.test(metric) ? -1 : 1;
  const own = sign * looks[epoch]!;
  const others = peers.flatMap((peer) => peer.looks[epoch] === undefined ? [] : [sign * peer.looks[epoch]]);
  const better = others.filter((value) => value > own).length;
  return better >= Math.max(1, Math.floor((others.length + 1) / factor)) ? epoch : undefined;
}
