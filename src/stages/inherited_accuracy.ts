import type { SearchSplit } from "../batches/mod.ts";
import type { State } from "../network/mod.ts";
import { evaluateNetwork, type Evaluation } from "../search/mod.ts";
import { buildDerivedNetwork, type Genotype, inheritState, type Space } from "../spaces/mod.ts";
import type { Task } from "../tasks/mod.ts";
import { fitNewHead } from "../transfer/mod.ts";
import type { Session } from "./session.ts";

/** What is evaluated, and where its weights come from. */
export interface InheritedOptions {
  /** Images of a single dataset. */
  readonly task: Task;
  /** The part of the training images to fit to, and that to evaluate on, as they were when the supernet learnt. */
  readonly split: Pick<SearchSplit, "weights" | "validation">;
  /** Sizes of the supernet. */
  readonly space: Space;
  /** Architecture of the network. */
  readonly genotype: Genotype;
  /** State of the supernet, ready for the architecture. */
  readonly supernet: State;
  /** Images a batch. */
  readonly batch: number;
  /** The user's seed. */
  readonly seed: number;
}

/**
 * Evaluates a derived network with the weights of its supernet, as its training would start: running statistics are those of the
 * images from which weights learnt, and its head is fitted to its own features on these ({@linkcode fitNewHead}).
 *
 * @param session Its engine evaluates.
 * @param options The images, the network, the supernet's weights.
 * @returns Loss and accuracy on the images from which no weight learnt.
 * @throws {Interrupted} If asked to stop.
 */
export function evaluateInherited(session: Session, options: InheritedOptions): Evaluation {
  using _ = session.heedInterrupt();
  const { task: { train: data }, split, space, genotype, supernet, batch, seed } = options;
  const { engine, memoryBytes } = session;
  const network = engine.compile(buildDerivedNetwork({ space, genotype }), { batch, memoryBytes });
  try {
    const body = inheritState(network, supernet, { genotype, space });
    fitNewHead(network, body, { engine, data, indices: split.weights.at(0), batch, seed });
    return evaluateNetwork(network, data, { indices: split.validation[0]!, batch });
  } finally {
    network.free();
  }
}
