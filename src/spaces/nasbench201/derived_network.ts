import type { GraphBuilder, Tensor } from "../../network/mod.ts";
import type { DerivedOptions } from "../space.ts";
import type { NasBench201Genotype } from "./genotype.ts";
import { lowerReaders } from "./operation.ts";
import { lowerSkeleton } from "./skeleton.ts";
import { EDGES, type NasBench201Space, NODES } from "./space.ts";

/**
 * Adds the instructions of a derived network to a builder: what the benchmark trained. Normalisations have weights and
 * biases, and every term but a skip takes part in drop-path, which the benchmark does without.
 *
 * Tensor names are those of AutoDL-Projects' `TinyNetwork`: layers are numbered over all edges, those without weights
 * included. Like there, what no path leads to the output from is part of the network.
 *
 * @param builder Receives the instructions; its image must have the size of the space.
 * @param options Sizes, architecture.
 * @throws {RangeError} If an auxiliary head is asked for, which the reference does not have.
 */
export function lowerDerivedNetwork(
  builder: GraphBuilder,
  { space, genotype, heads, auxiliaryWeight = 0 }: DerivedOptions<NasBench201Space, NasBench201Genotype>,
): void {
  if (auxiliaryWeight !== 0) {
    throw new RangeError("Cannot build network: networks of nasbench201 have no auxiliary head, expected weight 0");
  }
  lowerSkeleton(builder, {
    space,
    heads,
    lowerCell: ({ index }, input) => lowerCell(builder, genotype, { prefix: `cells.${index}`, input }),
  });
}

function lowerCell(
  builder: GraphBuilder,
  { operations }: NasBench201Genotype,
  { prefix, input }: { prefix: string; input: Tensor },
): Tensor {
  const terms: { x: Tensor; dropPath: boolean }[][] = Array.from({ length: NODES }, () => []);
  let x = input;
  for (let from = 0; from < NODES - 1; from++) {
    const readers = EDGES.filter((edge) => edge.from === from && operations[edge.index] !== "none")
      .map(({ index, node }) => ({ node, operation: operations[index]!, prefix: `${prefix}.layers.${index}` }));
    const outputs = lowerReaders(builder, x, readers, true);
    readers.forEach(({ node, operation }, i) => {
      terms[node]!.push({ x: outputs[i]!, dropPath: operation !== "skip_connect" });
    });
    x = builder.combine(terms[from + 1]!, input);
  }
  return x;
}
