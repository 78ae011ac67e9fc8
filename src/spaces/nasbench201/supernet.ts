import type { GraphBuilder, Tensor } from "../../network/mod.ts";
import { combineShare, takeShare } from "../partial_channels.ts";
import { lowerReaders } from "./operation.ts";
import { lowerSkeleton } from "./skeleton.ts";
import { candidatesOf, type Edge, EDGES, mixingIndex, type NasBench201Space, NODES, OPERATIONS } from "./space.ts";

/**
 * Adds the instructions of a supernet to a builder: every edge holds every candidate operation, or those that a pruned space
 * has left to it. Normalisations within cells have neither weight nor bias.
 *
 * There is one mixing weight an edge and operation ({@linkcode mixingIndex}); `none` has no term. Tensor names are those of
 * AutoDL-Projects' `TinyNetworkDarts`.
 *
 * @param builder Receives the instructions; its image must have the size of the space.
 * @param space The space.
 * @param heads Classes of each dataset if it is to tell those of several apart, each within its own.
 */
export function lowerSupernet(builder: GraphBuilder, space: NasBench201Space, heads?: readonly number[]): void {
  lowerSkeleton(builder, {
    space,
    heads,
    lowerCell: ({ index }, input) => lowerMixedCell(builder, space, { prefix: `cells.${index}`, input }),
  });
}

/**
 * Prefix of a candidate operation's tensors in the reference implementation's state dict.
 *
 * @param cell Prefix of its cell, such as `cells.0`.
 * @param edge Its edge.
 * @param operation Its index among the operations.
 * @returns The prefix, such as `cells.0.edges.2<-1.3`.
 */
export function candidatePrefix(cell: string, { node, from }: Edge, operation: number): string {
  return `${cell}.edges.${node}<-${from}.${operation}`;
}

/**
 * The candidate operation to which a supernet's tensor belongs.
 *
 * @param name Its name in the state dict.
 * @returns The operation's prefix; undefined for a tensor of none.
 */
export function operationOf(name: string): string | undefined {
  return /^cells\.\d+\.edges\.\d+<-\d+\.\d+(?=\.)/.exec(name)?.[0];
}

function lowerMixedCell(
  builder: GraphBuilder,
  space: NasBench201Space,
  { prefix, input }: { prefix: string; input: Tensor },
): Tensor {
  const terms: { x: Tensor; mix: number }[][] = Array.from({ length: NODES }, () => []);
  const nodes = [input];
  for (let from = 0; from < NODES - 1; from++) {
    const x = takeShare(builder, nodes[from]!, space);
    const readers = EDGES.filter((edge) => edge.from === from).flatMap((edge) =>
      candidatesOf(space, edge.index).filter((operation) => operation !== "none").map((operation) => ({
        edge,
        operation,
        prefix: candidatePrefix(prefix, edge, OPERATIONS.indexOf(operation)),
      }))
    );
    const outputs = lowerReaders(builder, x, readers, false);
    readers.forEach(({ edge, operation }, i) => {
      terms[edge.node]!.push({ x: outputs[i]!, mix: mixingIndex(edge.index, operation) });
    });
    const bypasses = EDGES.filter((edge) => edge.node === from + 1).map((edge) => ({
      x: nodes[edge.from]!,
      mix: mixingIndex(edge.index, "none"),
      mixes: OPERATIONS.length,
    }));
    nodes.push(combineShare(builder, terms[from + 1]!, { bypasses, like: x, channelShare: space.channelShare }));
  }
  return nodes.at(-1)!;
}
