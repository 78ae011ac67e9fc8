import type { BatchSource, Network } from "../engine/mod.ts";

/**
 * Replaces running statistics by the plain means of those of some batches, weights at rest (`momentum=None` in PyTorch).
 * Running statistics lag behind weights that have just moved; after this nothing is left of the weights of before.
 *
 * @param network The network; a supernet's mixing weights must be set. Without batches it stays as it is.
 * @param sources The batches.
 * @param afterBatch Looks at the network after a batch.
 * @returns Their number.
 */
export function recalibrate(
  network: Pick<Network, "forward">,
  sources: Iterable<BatchSource>,
  afterBatch?: (source: BatchSource) => void,
): number {
  let batches = 0;
  for (const source of sources) {
    batches++;
    network.forward(source, { training: true, statisticsMomentum: 1 / batches });
    afterBatch?.(source);
  }
  return batches;
}
