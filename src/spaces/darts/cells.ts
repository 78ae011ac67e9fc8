import type { Cell, CellEdge, CellState, GroupLabels } from "../space.ts";
import { type DartsGenotype, genesOf } from "./genotype.ts";
import { CELL_TYPES, type CellType, listEdges, type Primitive, PRIMITIVES } from "./space.ts";

const NAMES: Readonly<Record<CellType, string>> = { normal: "Normal cell", reduce: "Reduction cell" };

const LABELS: Readonly<Record<Primitive, string>> = {
  none: "none",
  max_pool_3x3: "max pool 3×3",
  avg_pool_3x3: "average pool 3×3",
  skip_connect: "skip",
  sep_conv_3x3: "separable conv 3×3",
  sep_conv_5x5: "separable conv 5×5",
  dil_conv_3x3: "dilated conv 3×3",
  dil_conv_5x5: "dilated conv 5×5",
};

/**
 * Describes the cells of an architecture for a picture.
 *
 * @param genotype The architecture.
 * @returns The cell that keeps the size and the one that halves it; edges of `none` are left out.
 */
export function cellsOfDarts(genotype: DartsGenotype): Cell[] {
  return CELL_TYPES.map((type): Cell => {
    const { genes, concat } = genesOf(genotype, type);
    const nodes = genes.length / 2;
    const operations = genes.flatMap(([operation, from], position): CellEdge[] =>
      operation === "none" ? [] : [{ from, to: 2 + Math.floor(position / 2), label: LABELS[operation] }]
    );
    return {
      name: NAMES[type],
      states: [...statesOf(nodes), { name: "output", role: "output" }],
      edges: [...operations, ...concat.map((from): CellEdge => ({ from, to: 2 + nodes }))],
    };
  });
}

/**
 * Names the edges and operations that alpha chooses among, in the words of {@linkcode cellsOfDarts}.
 *
 * @param nodes Intermediate nodes of a cell.
 * @returns For each type of cell its title, edges and operations, in the layout of alpha.
 */
export function labelsOfDarts(nodes: number): GroupLabels[] {
  const states = statesOf(nodes).map(({ name }) => name);
  const groups = listEdges(nodes).map(({ node, from }) => `${states[from]} to ${states[2 + node]}`);
  return CELL_TYPES.map((type) => ({
    title: NAMES[type],
    groups,
    candidates: PRIMITIVES.map((primitive) => LABELS[primitive]),
  }));
}

/** The states of a cell before its output. */
function statesOf(nodes: number): CellState[] {
  return [
    { name: "the one before", role: "input" },
    { name: "previous cell", role: "input" },
    ...Array.from({ length: nodes }, (_, node): CellState => ({ name: `node ${node + 1}`, role: "inner" })),
  ];
}
