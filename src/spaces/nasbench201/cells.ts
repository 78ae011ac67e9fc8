import type { Cell, CellEdge, CellState, GroupLabels } from "../space.ts";
import type { NasBench201Genotype } from "./genotype.ts";
import { EDGES, type Operation, OPERATIONS } from "./space.ts";

const TITLE = "Cell";

const LABELS: Readonly<Record<Operation, string>> = {
  none: "none",
  skip_connect: "skip",
  nor_conv_1x1: "conv 1×1",
  nor_conv_3x3: "conv 3×3",
  avg_pool_3x3: "average pool 3×3",
};

const STATES: readonly CellState[] = [
  { name: "previous cell", role: "input" },
  { name: "node 1", role: "inner" },
  { name: "node 2", role: "inner" },
  { name: "output", role: "output" },
];

/**
 * Describes the cell of an architecture for a picture.
 *
 * @param genotype The architecture.
 * @returns Its cell; edges of `none` are left out.
 */
export function cellsOfNasBench201({ operations }: NasBench201Genotype): Cell[] {
  const edges = EDGES.filter(({ index }) => operations[index] !== "none")
    .map(({ index, from, node }): CellEdge => ({ from, to: node, label: LABELS[operations[index]!] }));
  return [{ name: TITLE, states: STATES, edges }];
}

/**
 * Names the edges and operations that alpha chooses among, in the words of {@linkcode cellsOfNasBench201}.
 *
 * @returns Title, edges and operations, in the layout of alpha.
 */
export function labelsOfNasBench201(): GroupLabels {
  return {
    title: TITLE,
    groups: EDGES.map(({ from, node }) => `${STATES[from]!.name} to ${STATES[node]!.name}`),
    candidates: OPERATIONS.map((operation) => LABELS[operation]),
  };
}
