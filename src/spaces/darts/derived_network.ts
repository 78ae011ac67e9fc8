import type { GraphBuilder, Tensor } from "../../network/mod.ts";
import type { DerivedOptions } from "../space.ts";
import { lowerAuxiliaryHead } from "./auxiliary_head.ts";
import { pooling, startCandidate, type StartedCandidate } from "./candidate.ts";
import { countNodes, type DartsGenotype, type Gene, genesOf } from "./genotype.ts";
import { lowerSkeleton } from "./skeleton.ts";
import type { CellShape, DartsSpace } from "./space.ts";

/**
 * Adds the instructions of a derived network to a builder: what the DARTS code base trains in its evaluation.
 *
 * Normalisations have weights and biases, poolings have none, every term but a plain skip takes part in drop-path.
 * Tensor names are those of the state dict of the reference implementation's `NetworkCIFAR`, or with the ImageNet stem of its
 * `NetworkImageNet`.
 *
 * @param builder Receives the instructions; its image must have the size of the space.
 * @param options Sizes, architecture, auxiliary head.
 * @throws {RangeError} If architecture and sizes do not fit each other.
 */
export function lowerDerivedNetwork(builder: GraphBuilder, options: DerivedOptions<DartsSpace, DartsGenotype>): void {
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
    heads,
    lowerCell: (cell, inputs) => new DerivedCell(builder, cell, genotype).lower(inputs),
    afterCell: (cell, output) => {
      if (cell.index !== auxiliaryCell || auxiliaryWeight === 0) return;
      lowerAuxiliaryHead(builder, output, {
        classes: space.classes,
        lossWeight: auxiliaryWeight,
        isImagenet: space.stem === "imagenet",
      });
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

  constructor(builder: GraphBuilder, cell: CellShape, genotype: DartsGenotype) {
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
