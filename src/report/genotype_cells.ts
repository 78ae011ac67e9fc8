import type { Genotype } from "../spaces/mod.ts";
import type { Cell } from "./cell_diagram.ts";

const OPERATIONS: Readonly<Record<string, string>> = {
  sep_conv_3x3: "separable conv 3×3",
  sep_conv_5x5: "separable conv 5×5",
  dil_conv_3x3: "dilated conv 3×3",
  dil_conv_5x5: "dilated conv 5×5",
  max_pool_3x3: "max pool 3×3",
  avg_pool_3x3: "average pool 3×3",
  skip_connect: "skip",
};

const TYPES = [["normal", "Normal cell"], ["reduce", "Reduction cell"]] as const;

/**
 * Describes the cells of an architecture for a picture.
 *
 * @param genotype The architecture.
 * @returns The cell that keeps the size and the one that halves it.
 */
export function cellsOf(genotype: Genotype): Cell[] {
  return TYPES.map(([type, name]): Cell => {
    const genes = genotype[type];
    const nodes = genes.length / 2;
    return {
      name,
      states: [
        { name: "the one before", role: "input" },
        { name: "previous cell", role: "input" },
        ...Array.from({ length: nodes }, (_, node) => ({ name: `node ${node + 1}`, role: "inner" } as const)),
        { name: "output", role: "output" },
      ],
      edges: [
        ...genes.flatMap(([operation, from], position) =>
          operation === "none"
            ? []
            : [{ from, to: 2 + Math.floor(position / 2), label: OPERATIONS[operation] ?? operation }]
        ),
        ...genotype[`${type}_concat`].map((from) => ({ from, to: 2 + nodes })),
      ],
    };
  });
}
