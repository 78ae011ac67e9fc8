import type { Engine, Network } from "../engine/mod.ts";
import { BatchOrder, batchSource, type LabelledImages } from "./batches.ts";

/** Where a new head comes from. */
export const HEADS = ["refitted", "closed-form", "random"] as const;

/**
 * Where a new head comes from: fitted to the body's features before the first step and again, beside SGD's, after every
 * epoch ({@linkcode HeadProbe}); fitted before the first step only; or random as in a search from scratch.
 */
export type HeadStart = typeof HEADS[number];

/** Least batches that running statistics see before the head is used: by then 96 % of them are the target's. */
const LEAST_BATCHES = 32;

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
  /** Least training-mode passes, the one that collects the features among them; enough for unknown images if left out. */
  readonly leastBatches?: number;
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
 * The passes that collect the features move the running statistics to the target's as well.
 *
 * @param engine Draws the order of the batches and fits.
 * @param network The network, a supernet's mixing weights set; `classifier.weight` and `classifier.bias` are overwritten.
 * @param options Images and batches.
 * @returns How well the head does on images that it has not seen, and the passes made.
 * @throws {Error} If a feature is not finite.
 */
export function fitHead(
  engine: Pick<Engine, "permutation" | "fitClassifier">,
  network: Pick<Network, "forward" | "features" | "write" | "parameters">,
  { data, indices, batch, seed, leastBatches }: HeadData,
): FittedHead {
  const order = new BatchOrder(engine, indices, { batch, seed });
  const passes = leastBatches === undefined
    ? Math.max(2, Math.ceil(LEAST_BATCHES / order.batches))
    : Math.max(1, Math.ceil(leastBatches / order.batches));
  const features: Float32Array[] = [];
  const labels: number[] = [];
  for (let pass = 0; pass < passes; pass++) {
    for (let step = 0; step < order.batches; step++) {
      const source = batchSource(data, order.at(pass, step), { seed, epoch: 0 });
      network.forward(source, { training: true });
      if (pass < passes - 1) continue;
      features.push(network.features());
      labels.push(...source.labels!);
    }
  }
  const shape = network.parameters.find(({ name }) => name === "classifier.weight")!.shape;
  const rows = new Float32Array(labels.length * shape[1]!);
  let at = 0;
  for (const part of features) {
    rows.set(part, at);
    at += part.length;
  }
  const { weights, biases, loss, accuracy } = engine.fitClassifier(rows, Uint32Array.from(labels), shape[0]!);
  network.write("classifier.weight", weights);
  network.write("classifier.bias", biases);
  return { batches: passes * order.batches, loss, accuracy };
}
