import type { GraphBuilder, Tensor } from "../../network/mod.ts";
import { pooling, startCandidate, type StartedCandidate } from "./candidate.ts";
import { candidatePrefix } from "./candidate_name.ts";
import { combineShare, passBy, takeShare } from "../partial_channels.ts";
import { lowerSkeleton } from "./skeleton.ts";
import {
  type CellShape,
  type DartsSpace,
  type Edge,
  holdsCandidate,
  listEdges,
  mixingIndex,
  type Primitive,
  PRIMITIVES,
} from "./space.ts";

/**
 * Adds the instructions of a supernet to a builder: every edge holds every candidate operation, or those that a pruned space
 * has left to it.
 *
 * There is one mixing weight an edge and operation (see {@linkcode mixingIndex}); `none` has no term. Tensor names are
 * those of the state dict of the reference implementation of DARTS.
 *
 * @param builder Receives the instructions; its image must have the size of the space.
 * @param space The space.
 * @param heads Classes of each dataset if it is to tell those of several apart, each within its own.
 */
export function lowerSupernet(builder: GraphBuilder, space: DartsSpace, heads?: readonly number[]): void {
  lowerSkeleton(builder, {
    space,
    affine: false,
    heads,
    lowerCell: (cell, inputs) => new MixedCell(builder, space, cell).lower(inputs),
  });
}

interface Term {
  x: Tensor;
  mix: number;
}

/** Lowers one cell of a supernet, in the order that lets the executor share inputs and wait seldom. */
class MixedCell {
  readonly #builder: GraphBuilder;
  readonly #space: DartsSpace;
  readonly #cell: CellShape;
  readonly #edges: Edge[];
  /** Terms of every node, collected as their operations are finished. */
  readonly #terms: Term[][];
  /** Of every state what passes by the candidates of its edges, in a supernet where these have a share of the channels. */
  readonly #passing: Tensor[] = [];
  #started: { edge: Edge; operation: number; candidate: StartedCandidate }[] = [];

  constructor(builder: GraphBuilder, space: DartsSpace, cell: CellShape) {
    this.#builder = builder;
    this.#space = space;
    this.#cell = cell;
    this.#edges = listEdges(space.nodes);
    this.#terms = Array.from({ length: space.nodes }, () => []);
  }

  lower(inputs: readonly [Tensor, Tensor]): Tensor[] {
    inputs.forEach((state, from) => this.#startEdges(state, from));
    const nodes: Tensor[] = [];
    for (let node = 0; node < this.#space.nodes; node++) {
      this.#finishEdges();
      const terms = inMixingOrder(this.#terms[node]!);
      const { channelShare } = this.#space;
      const bypasses = this.#edges.filter((edge) => edge.node === node).map(({ index, from }) => ({
        x: this.#passing[from]!,
        mix: mixingIndex(this.#space, this.#cell.type, index, 0),
        mixes: PRIMITIVES.length,
      }));
      nodes.push(combineShare(this.#builder, terms, { bypasses, like: terms[0]!.x, channelShare }));
      this.#startEdges(nodes[node]!, 2 + node);
    }
    return nodes;
  }

  /** Poolings and first halves of all candidates of all edges that leave a state. */
  #startEdges(whole: Tensor, from: number): void {
    const edges = this.#edges.filter((edge) => edge.from === from);
    if (edges.length === 0) return;
    const stride = this.#cell.type === "reduce" && from < 2 ? 2 : 1;
    const state = takeShare(this.#builder, whole, this.#space);
    if (this.#space.channelShare !== undefined) this.#passing.push(passBy(this.#builder, whole, stride));
    PRIMITIVES.forEach((primitive, operation) => {
      if (!primitive.includes("pool")) return;
      const readers = edges.filter((edge) => this.#holds(edge, primitive));
      if (readers.length === 0) return;
      // The edges' poolings are equal, and so are their normalisations: one tensor carries the names of all.
      const names = readers.map((edge) => `${this.#prefix(edge, operation)}.1`);
      const y = this.#builder.normalise(pooling(this.#builder, state, primitive, stride), { names, affine: false });
      for (const edge of readers) this.#addTerm(edge, operation, y);
    });
    for (const edge of edges) {
      PRIMITIVES.forEach((primitive, operation) => {
        if (primitive === "none" || primitive.includes("pool") || !this.#holds(edge, primitive)) return;
        const prefix = this.#prefix(edge, operation);
        const candidate = startCandidate(this.#builder, state, primitive, { prefix, stride, affine: false });
        this.#started.push({ edge, operation, candidate });
      });
    }
  }

  #finishEdges(): void {
    for (const { edge, operation, candidate } of this.#started) this.#addTerm(edge, operation, candidate.finish());
    this.#started = [];
  }

  #addTerm(edge: Edge, operation: number, x: Tensor): void {
    this.#terms[edge.node]!.push({ x, mix: mixingIndex(this.#space, this.#cell.type, edge.index, operation) });
  }

  #holds(edge: Edge, primitive: Primitive): boolean {
    return holdsCandidate(this.#space, this.#cell.type, edge.index, primitive);
  }

  #prefix(edge: Edge, operation: number): string {
    return candidatePrefix({ cell: this.#cell.index, edge: edge.index, operation });
  }
}

function inMixingOrder(terms: Term[]): Term[] {
  return terms.toSorted((a, b) => a.mix - b.mix);
}
