import type { Engine, Network } from "../engine/mod.ts";
import { HEAD_BIASES, HEAD_WEIGHTS, type State, type StateTensor } from "../network/mod.ts";
import { fitHead, type HeadData } from "./closed_form_head.ts";
import { evaluateNetwork, type Evaluation } from "./evaluation.ts";
import { FeatureRows } from "./feature_rows.ts";

/** A network's classifier. */
export interface Head {
  /** Weights, [classes, features]. */
  readonly weights: Float32Array;
  /** Biases, [classes]. */
  readonly biases: Float32Array;
}

/** What heads are fitted to, and what they are tried on. */
export interface ProbeData extends Omit<HeadData, "seed"> {
  /** Held-out images. */
  readonly heldOut: Uint32Array;
}

/**
 * Fits a head in closed form at every validation, beside the one that SGD trains, and keeps it if it does better.
 *
 * While the body moves, SGD's head lags behind: in the first epochs it says far less than the features know. Later it
 * is the better one, and it must not be overwritten: a head that already fits the training images leaves the body without a gradient.
 */
export class HeadProbe {
  readonly #engine: Pick<Engine, "permutation" | "fitClassifier" | "evaluateClassifier">;
  readonly #network: Network;
  readonly #data: ProbeData;
  #kept: Head | undefined;

  /**
   * @param engine Fits and evaluates.
   * @param network The network; its body is never changed, and its head only by `adopt`.
   * @param data What heads are fitted to and tried on.
   */
  constructor(
    engine: Pick<Engine, "permutation" | "fitClassifier" | "evaluateClassifier">,
    network: Network,
    data: ProbeData,
  ) {
    this.#engine = engine;
    this.#network = network;
    this.#data = data;
  }

  /** The fitted head, if it did better than SGD's when both were tried last. */
  get kept(): Head | undefined {
    return this.#kept;
  }

  /**
   * Goes back to a state.
   *
   * @param kept What {@linkcode kept} was.
   */
  restore(kept: Head | undefined): void {
    this.#kept = kept;
  }

  /**
   * Fits a head, evaluates the network with it and with SGD's, and keeps the one of higher accuracy (of lower loss if they are
   * equal). Running statistics follow the weights.
   *
   * @param seed Seed of the order of the batches.
   * @returns How the better one does on held-out images, and the training-mode passes made.
   */
  tryHeads(seed: number): { validation: Evaluation; batches: number } {
    const { data, heldOut: indices, batch } = this.#data;
    const own = this.#read();
    const { batches } = fitHead(this.#engine, this.#network, { ...this.#data, seed });
    const fitted = this.#read();
    this.#write(own);
    // Both heads read the same features, so that one pass serves them.
    const rows = new FeatureRows(this.#network);
    const ofOwn = evaluateNetwork(this.#network, data, { indices, batch, afterBatch: (source) => rows.add(source) });
    const { loss, correct, count } = this.#engine.evaluateClassifier(rows.features(), rows.labels(), fitted);
    const ofFitted = { loss, accuracy: correct / count, count };
    const isBetter = ofFitted.accuracy > ofOwn.accuracy ||
      ofFitted.accuracy === ofOwn.accuracy && ofFitted.loss < ofOwn.loss;
    this.#kept = isBetter ? fitted : undefined;
    return { validation: isBetter ? ofFitted : ofOwn, batches };
  }

  /** Gives the network the head that did better when both were tried last. */
  adopt(): void {
    if (this.#kept) this.#write(this.#kept);
  }

  #read(): Head {
    return { weights: this.#network.read(HEAD_WEIGHTS), biases: this.#network.read(HEAD_BIASES) };
  }

  #write({ weights, biases }: Head): void {
    this.#network.write(HEAD_WEIGHTS, weights);
    this.#network.write(HEAD_BIASES, biases);
  }
}

const PREFIX = "fitted_head.";

/**
 * Whether a checkpoint's tensor belongs to a fitted head, not to the network.
 *
 * @param name Its name in the checkpoint.
 * @returns Whether it is one of those that {@linkcode encodeHead} names.
 */
export function isOfFittedHead(name: string): boolean {
  return name.startsWith(PREFIX);
}

/**
 * Names the tensors of a fitted head, for a checkpoint.
 *
 * @param head The head, if one is kept.
 * @returns `fitted_head.weight`, [classes, features], and `fitted_head.bias`, [classes]; nothing without a head.
 */
export function encodeHead(head: Head | undefined): [string, StateTensor][] {
  if (!head) return [];
  const { weights, biases } = head;
  return [
    [`${PREFIX}weight`, { shape: [biases.length, weights.length / biases.length], data: weights }],
    [`${PREFIX}bias`, { shape: [biases.length], data: biases }],
  ];
}

/**
 * Finds a fitted head among the tensors of a checkpoint.
 *
 * @param tensors The tensors.
 * @returns The head; undefined if none was kept.
 */
export function decodeHead(tensors: State): Head | undefined {
  const [weights, biases] = ["weight", "bias"].map((name) => tensors.get(PREFIX + name)?.data);
  if (!(weights instanceof Float32Array && biases instanceof Float32Array)) return undefined;
  return { weights: weights.slice(), biases: biases.slice() };
}
