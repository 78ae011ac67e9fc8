import type { Engine, Network } from "../engine/mod.ts";
import { HEAD_BIASES, HEAD_WEIGHTS } from "../network/mod.ts";
import { BatchOrder, batchSources, everyImage, type LabelledImages } from "../batches/mod.ts";
import { FeatureRows } from "./feature_rows.ts";
import { recalibrate } from "./running_statistics.ts";

/** Where a new head comes from. */
export const HEADS = ["refitted", "closed-form", "random"] as const;

/**
 * Where a new head comes from.
 *
 * - `refitted`: fitted in closed form to the body's features ({@linkcode fitHead}) before the first step, and again at every
 *   validation beside the one that SGD trains. The better of the two is validated; SGD goes on with its own, and at the end the
 *   network has the better one ({@linkcode HeadProbe}). Only for the head of a single dataset.
 * - `closed-form`: fitted before the first step only.
 * - `random`: as in a search from scratch.
 */
export type HeadStart = typeof HEADS[number];

/** What a head is fitted to. */
export interface HeadData {
  /** Images, labels, normalisation. */
  readonly data: LabelledImages;
  /** Images from which weights learn. */
  readonly indices: Uint32Array;
  /** Images a batch. */
  readonly batch: number;
  /** Seed of the order of the batches. */
  readonly seed: number;
}

/** What fitting a head gave. */
export interface FittedHead {
  /** Training-mode passes that the running statistics have seen. */
  readonly batches: number;
  /** Mean cross-entropy of leave-one-out predictions, in nats. */
  readonly loss: number;
  /** Share of leave-one-out predictions that are right. */
  readonly accuracy: number;
}

/**
 * Fits the classifier of a grafted supernet in closed form: linear discriminant analysis of the body's pooled
 * features, penalty and scale of the logits chosen by leave-one-out cross-entropy. A head of random weights would spend
 * the first epoch on finding it, and spoil the body on the way.
 *
 * The one pass that collects the features makes the running statistics the target's as well.
 *
 * @param engine Draws the order of the batches and fits.
 * @param network The network, a supernet's mixing weights set; its classifier is overwritten.
 * @param options Images and batches.
 * @returns How well the head does on images that it has not seen, and the batches passed.
 * @throws {Error} If a feature is not finite.
 */
export function fitHead(
  engine: Pick<Engine, "permutation" | "fitClassifier">,
  network: Pick<Network, "forward" | "features" | "write" | "parameters">,
  { data, indices, batch, seed }: HeadData,
): FittedHead {
  const order = new BatchOrder(engine, everyImage(indices), { batch, seed });
  const rows = new FeatureRows(network);
  const sources = batchSources(data, order, { epoch: 0, count: order.batches, seed });
  const batches = recalibrate(network, sources, (source) => rows.add(source));
  const shape = network.parameters.find(({ name }) => name === HEAD_WEIGHTS)!.shape;
  const { weights, biases, loss, accuracy } = engine.fitClassifier(rows.features(), rows.labels(), shape[0]!);
  network.write(HEAD_WEIGHTS, weights);
  network.write(HEAD_BIASES, biases);
  return { batches, loss, accuracy };
}
