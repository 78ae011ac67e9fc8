import { type Program, ProgramBuilder } from "../../engine/mod.ts";
import type { GraphBuilder, Tensor } from "../../network/mod.ts";
import { lowerAuxiliaryHead } from "./auxiliary_head.ts";
import { pooling, startCandidate, type StartedCandidate } from "./candidate.ts";
import { countNodes, type Gene, genesOf, type Genotype } from "./genotype.ts";
import { lowerSkeleton } from "./skeleton.ts";
import type { CellShape, Space } from "./space.ts";

/** What a derived network is built from. */
export interface DerivedOptions {
  /** Sizes; the number of nodes must be that of the architecture. */
  readonly space: Space;
  /** Architecture of the cells. */
  readonly genotype: Genotype;
  /** Classes of each dataset if it is to tell those of several apart, each within its own; together those of the space. */
  readonly heads?: readonly number[];
  /** Weight of the auxiliary head's loss, 0.4 in the paper; left out or 0, there is no such head. */
  readonly auxiliaryWeight?: number;
}

/**
 * Lowers an architecture to the program of its final network: what the DARTS code base trains in its evaluation.
 *
 * Normalisations have weights and biases, poolings have none, every term but a plain skip takes part in drop-path.
 * Tensor names are those of the state dict of the reference implementation's `NetworkCIFAR`.
 *
 * @param options Sizes, architecture, auxiliary head.
 * @returns The program; it has no mixing weights.
 * @throws {RangeError} If architecture and sizes do not fit each other.
 */
export function buildDerivedNetwork(options: DerivedOptions): Program {
  const { height, width, inputChannels } = options.space;
  const builder = new ProgramBuilder({ height, width, channels: inputChannels });
  lowerDerivedNetwork(builder, options);
  return builder.build(0);
}

/**
 * Adds the instructions of a derived network to a builder.
 *
 * @param builder Receives the instructions; its image must have the size of the space.
 * @param options Sizes, architecture, auxiliary head.
 * @throws {RangeError} If architecture and sizes do not fit each other.
 */
export function lowerDerivedNetwork(builder: GraphBuilder, options: DerivedOptions): void {
  const { space, genotype, heads, auxiliaryWeight = 0 } = options;
  if (countNodes(genotype) !== space.nodes) {
    throw new RangeError(
      `Cannot build network: genotype has ${
        countNodes(genotype)
      } nodes a cell, expected ${space.nodes} as in the space`,
    );
  }
  const auxiliaryCell = Math.floor(2 * space.cells / 3);
  lowerSkeleton(builder, {
    space,
    affine: true,
    ...(heads && { heads }),
    lowerCell: (cell, inputs) => new DerivedCell(builder, cell, genotype).lower(inputs),
    afterCell: (cell, output) => {
      if (cell.index !== auxiliaryCell || auxiliaryWeight === 0) return;
      lowerAuxiliaryHead(builder, output, { classes: space.classes, lossWeight: auxiliaryWeight });
    },
  });
}

interface Term {
  x: Tensor;
  dropPath: boolean;
}

/** Lowers one cell of a derived network, in the same order as a supernet's. */
class DerivedCell {
  readonly #builder: GraphBuilder;
  readonly #cell: CellShape;
  readonly #genes: readonly Gene[];
  readonly #concat: readonly number[];
  /** Terms by position of their gene. */
  readonly #terms = new Map<number, Term>();
  #started: { position: number; candidate: StartedCandidate }[] = [];

  constructor(builder: GraphBuilder, cell: CellShape, genotype: Genotype) {
    const { genes, concat } = genesOf(genotype, cell.type);
    this.#builder = builder;
    this.#cell = cell;
    this.#genes = genes;
    this.#concat = concat;
  }

  lower(inputs: readonly [Tensor, Tensor]): Tensor[] {
    const states: Tensor[] = [...inputs];
    states.forEach((state, from) => this.#startGenes(state, from));
    for (let node = 0; 2 * node < this.#genes.length; node++) {
      this.#finishGenes();
      const terms = [this.#terms.get(2 * node), this.#terms.get(2 * node + 1)].filter((term) => term !== undefined);
      const sum = this.#builder.combine(terms);
      states.push(sum);
      this.#startGenes(sum, 2 + node);
    }
    return this.#concat.map((state) => states[state]!);
  }

  #startGenes(state: Tensor, from: number): void {
    const stride = this.#cell.type === "reduce" && from < 2 ? 2 : 1;
    const readers = this.#genes.map(([operation, source], position) => ({ operation, source, position }))
      .filter(({ operation, source }) => source === from && operation !== "none");
    // A pooling has no parameters: genes that ask for the same one share it.
    const pooled = new Map<string, Tensor>();
    for (const { operation, position } of readers) {
      if (!operation.includes("pool")) continue;
      const x = pooled.get(operation) ?? pooling(this.#builder, state, operation, stride);
      pooled.set(operation, x);
      this.#terms.set(position, { x, dropPath: true });
    }
    for (const { operation, position } of readers) {
      if (operation.includes("pool")) continue;
      const prefix = `cells.${this.#cell.index}._ops.${position}`;
      const candidate = startCandidate(this.#builder, state, operation, { prefix, stride, affine: true });
      // A plain skip is the only path that is never dropped: with it a node always keeps something.
      this.#terms.set(position, { x: state, dropPath: !(operation === "skip_connect" && stride === 1) });
      this.#started.push({ position, candidate });
    }
  }

  #finishGenes(): void {
    for (const { position, candidate } of this.#started) this.#terms.get(position)!.x = candidate.finish();
    this.#started = [];
  }
}
