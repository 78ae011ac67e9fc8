import { type Network, SLOT } from "../engine/mod.ts";
import { operationOf, type Space } from "../spaces/mod.ts";

/** When a candidate operation stops to learn. Plain data. */
export interface OperationStopping {
  /** Steps over which its score is a mean, after which the next mean begins. */
  readonly steps: number;
  /** The score below which it stops, -1 to 1. */
  readonly threshold: number;
}

/** The rule of OLES. Source: `train_search.py` of PasaLab/oles. */
export const OLES_STOPPING: OperationStopping = { steps: 20, threshold: 0.4 };

/** How far the scores of operations have come. Plain JSON data. */
export interface StoppingState {
  /** Steps that are in the sums. */
  readonly steps: number;
  /** Sum of the cosines of each operation that still learns. */
  readonly sums: Readonly<Record<string, number>>;
  /** Operations that have stopped. */
  readonly stopped: readonly string[];
}

/** What the rule needs of a supernet. */
export type StoppableNetwork = Pick<Network, "vectors" | "parameters">;

/**
 * Early stopping for each candidate operation of a supernet on its own: where the gradients of training and validation no longer
 * point the same way, the operation fits its training images alone, and its weights stay as they are from then on. Alpha goes on.
 *
 * The score of an operation in a cell is the mean over its parameters, and then over some steps, of the cosine between the gradients of
 * both losses by it. That of a convolution is the mean over input channels and taps of cosines over its output channels.
 *
 * Source: OLES (Jiang et al., NeurIPS 2023) and `check_grads_cosine` of its code base (PasaLab/oles). There the training gradient is that
 * of the step before, the sum of 21 steps is divided by 20, and skips of stride 2 never stop. Here both gradients are by the same weights.
 */
export class OperationStopper {
  /** Slot for the gradient of the validation loss by the weights. */
  readonly slot: number;
  readonly #network: StoppableNetwork;
  readonly #rule: OperationStopping;
  /** Indices of each operation's parameters. */
  readonly #operations: ReadonlyMap<string, readonly number[]>;
  #sums = new Map<string, number>();
  #stopped = new Set<string>();
  #steps = 0;

  /**
   * @param network The supernet.
   * @param space Its search space, which tells its operations.
   * @param rule When they stop.
   */
  constructor(network: StoppableNetwork, space: Space, rule: OperationStopping) {
    [this.#network, this.#rule] = [network, rule];
    this.slot = network.vectors.allocate();
    const operations = new Map<string, number[]>();
    network.parameters.forEach(({ name }, i) => {
      const operation = operationOf(name, space);
      if (operation === undefined) return;
      operations.set(operation, [...operations.get(operation) ?? [], i]);
    });
    this.#operations = operations;
  }

  /** Names of the parameters that learn no more. */
  get parameters(): string[] {
    const { parameters } = this.#network;
    return [...this.#stopped].flatMap((operation) => this.#operations.get(operation)!.map((i) => parameters[i]!.name));
  }

  /** Operations that have stopped. */
  get stopped(): readonly string[] {
    return [...this.#stopped];
  }

  /**
   * Compares the gradient of the training loss, which the last pass left, with that of the validation loss in the slot.
   *
   * @returns Whether operations have stopped by it.
   */
  compare(): boolean {
    const cosines = this.#network.vectors.cosines(SLOT.gradients, this.slot);
    for (const [operation, parameters] of this.#operations) {
      if (this.#stopped.has(operation)) continue;
      const mean = parameters.reduce((sum, i) => sum + cosines[i]!, 0) / parameters.length;
      this.#sums.set(operation, (this.#sums.get(operation) ?? 0) + mean);
    }
    this.#steps++;
    return this.#steps === this.#rule.steps && this.#judge();
  }

  /** Stops what scores too low, and begins anew. */
  #judge(): boolean {
    const { steps, threshold } = this.#rule;
    const before = this.#stopped.size;
    for (const [operation, sum] of this.#sums) if (sum / steps < threshold) this.#stopped.add(operation);
    this.#sums.clear();
    this.#steps = 0;
    return this.#stopped.size > before;
  }

  /** Copies the scores. */
  state(): StoppingState {
    return { steps: this.#steps, sums: Object.fromEntries(this.#sums), stopped: this.stopped };
  }

  /**
   * Goes back to scores; those of operations that the supernet does not have are of no use.
   *
   * @param state What `state` gave; as at the beginning if left out.
   */
  restore(state: StoppingState = { steps: 0, sums: {}, stopped: [] }): void {
    const has = (operation: string) => this.#operations.has(operation);
    this.#steps = state.steps;
    this.#sums = new Map(Object.entries(state.sums).filter(([operation]) => has(operation)));
    this.#stopped = new Set(state.stopped.filter(has));
  }
}

/**
 * What several searches of one supernet have found of its operations, each on images of its own.
 *
 * @param states Their scores, after the same number of steps.
 * @returns The mean of the scores; what at least half of them have stopped has stopped.
 */
export function meanOfScores(states: readonly StoppingState[]): StoppingState {
  const [first, count] = [states[0]!, states.length];
  const operations = [...new Set(states.flatMap(({ sums, stopped }) => [...Object.keys(sums), ...stopped]))];
  const stopped = operations.filter((name) =>
    2 * states.filter((state) => state.stopped.includes(name)).length >= count
  );
  const sums = operations.filter((name) => !stopped.includes(name)).map((name) => {
    const found = states.flatMap(({ sums }) => sums[name] ?? []);
    return [name, found.reduce((sum, value) => sum + value, 0) / Math.max(1, found.length)];
  });
  return { steps: first.steps, sums: first.steps === 0 ? {} : Object.fromEntries(sums), stopped };
}

/**
 * Begins to score operations where they are to stop.
 *
 * @param network The supernet.
 * @param space Its search space.
 * @param rule When operations stop; never if left out.
 * @returns What scores them, if any is to stop.
 */
export function stopOperations(
  network: StoppableNetwork,
  space: Space,
  rule: OperationStopping | undefined,
): OperationStopper | undefined {
  return rule && new OperationStopper(network, space, rule);
}
