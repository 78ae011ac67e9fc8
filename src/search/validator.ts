import type { Engine, Network } from "../engine/mod.ts";
import { deriveSeed } from "../network/mod.ts";
import {
  type BatchOrder,
  batchSources,
  type ImageSampler,
  type LabelledImages,
  type Variation,
} from "../batches/mod.ts";
import type { EpochClock } from "./epoch_clock.ts";
import { evaluateNetwork, type Evaluation } from "./evaluation.ts";
import { type Head, HeadProbe } from "./head_probe.ts";
import { recalibrate } from "./running_statistics.ts";

/** On what a network is validated while it learns, and what is done to it before. */
export interface ValidatorOptions {
  /** Fits heads and tries them. */
  readonly engine: Pick<Engine, "permutation" | "fitClassifier" | "evaluateClassifier">;
  /** The network. */
  readonly network: Network;
  /** Images, labels, normalisation. */
  readonly data: LabelledImages;
  /** Images from which weights learn. */
  readonly weights: ImageSampler;
  /** Of each dataset, images that are held out. */
  readonly heldOut: readonly Uint32Array[];
  /** Images a batch. */
  readonly batch: number;
  /** Whether its head is `refitted` ({@linkcode HeadStart}), which only that of a single dataset can be. */
  readonly refitsHead: boolean;
  /** Batches whose means running statistics become where no head is fitted, how they are varied, and the seed that keys it. */
  readonly recalibration: {
    readonly batches: number;
    readonly order: BatchOrder;
    readonly augment?: Variation | undefined;
    readonly seed: number;
  };
  /** The user's seed. */
  readonly seed: number;
}

/** Validates a network while it learns. What learns is left alone: running statistics are all that moves. */
export class Validator {
  readonly #options: ValidatorOptions;
  readonly #probe: HeadProbe | undefined;

  /**
   * @param options The network, its images, and what goes before an evaluation.
   * @throws {RangeError} If the heads of several datasets are to be refitted.
   */
  constructor(options: ValidatorOptions) {
    const { engine, network, data, weights, heldOut, batch, refitsHead } = options;
    this.#options = options;
    if (!refitsHead) return;
    if (data.parts.length > 1) {
      throw new RangeError("Cannot refit heads: the images are of several datasets, expected a single one");
    }
    this.#probe = new HeadProbe(engine, network, { data, indices: weights.at(0), heldOut: heldOut[0]!, batch });
  }

  /** The fitted head, where one did better than the network's own at the last validation. */
  get head(): Head | undefined {
    return this.#probe?.kept;
  }

  /** Goes back to a head that {@linkcode head} gave. */
  restore(head: Head | undefined): void {
    this.#probe?.restore(head);
  }

  /** Gives the network the head that was validated last; nothing can be learnt after that. */
  adoptHead(): void {
    this.#probe?.adopt();
  }

  /** Evaluates the network as it is now: mean loss and accuracy on the held-out images of each dataset. */
  evaluate(): Evaluation[] {
    const { network, data, heldOut, batch } = this.#options;
    return heldOut.map((indices) => evaluateNetwork(network, data, { indices, batch }));
  }

  /**
   * Evaluates the network after its running statistics have followed the weights, with the better of both heads if one is
   * fitted.
   *
   * @param clock The moment; it counts the passes made.
   * @returns Mean loss and accuracy on the held-out images of each dataset.
   */
  validate(clock: EpochClock): Evaluation[] {
    if (this.#probe) return [this.#tryHeads(this.#probe, clock)];
    const { network, data, recalibration: { batches: count, order, augment, seed } } = this.#options;
    clock.countPasses(recalibrate(network, batchSources(data, order, { epoch: clock.epoch, count, augment, seed })));
    return this.evaluate();
  }

  #tryHeads(probe: HeadProbe, clock: EpochClock): Evaluation {
    const { epoch, step, isEpochOver } = clock;
    const moment = isEpochOver ? `epoch ${epoch}` : `epoch ${epoch}, step ${step}`;
    const { validation, batches } = probe.tryHeads(deriveSeed(deriveSeed(this.#options.seed, "head batches"), moment));
    clock.countPasses(batches);
    return validation;
  }
}
