import { CostCounter } from "../../network/mod.ts";
import { lowerDerivedNetwork } from "./derived_network.ts";
import type { DartsGenotype, Gene } from "./genotype.ts";
import {
  CELL_TYPES,
  type CellType,
  type DartsSpace,
  holdsCandidate,
  listEdges,
  mixingIndex,
  PRIMITIVES,
} from "./space.ts";
import { deriveGenotype } from "./derive.ts";

/** Genes of some nodes, their parameters and the sum of their strengths. */
interface Choice {
  readonly parameters: number;
  readonly strength: number;
  /** Genes of the last node. */
  readonly genes: readonly Gene[];
  /** Choice for the nodes up to the last. */
  readonly earlier?: Choice;
}

/**
 * Cuts the strongest architecture out of a supernet whose derived network is not larger than asked.
 *
 * DARTS' derivation ({@linkcode deriveGenotype}) is the choice of two edges a node and an operation on each whose strengths have
 * the largest sum. This is the same choice among those that fit, found exactly: parameters add up over genes, so that what is
 * best for some nodes at each size is all that the next node needs to know.
 *
 * @param strengths One number an edge and operation, in the layout of the mixing weights (a method's `strengths`).
 * @param space The search space; only candidates that it holds are chosen. Its number of classes counts.
 * @param maxParameters Most parameters of the derived network, classifier included.
 * @returns The architecture; that of `deriveGenotype` if it fits.
 * @throws {RangeError} If no architecture fits; names the smallest size.
 */
export function deriveGenotypeWithin(strengths: Float32Array, space: DartsSpace, maxParameters: number): DartsGenotype {
  const strongest = deriveGenotype(strengths, space);
  if (maxParameters === Infinity) return strongest;
  const count = (genotype: DartsGenotype) => countParameters(space, genotype);
  if (count(strongest) <= maxParameters) return strongest;

  const genes = Array.from({ length: space.nodes }, (): Gene[] => [["max_pool_3x3", 0], ["max_pool_3x3", 1]]).flat();
  const empty: DartsGenotype = { ...strongest, normal: genes, reduce: genes }; // poolings have no parameters
  const base = count(empty);
  const cost = (type: CellType, node: number, gene: Gene) =>
    count({ ...empty, [type]: genes.with(2 * node, gene) }) - base;

  let front: Choice[] = [{ parameters: base, strength: 0, genes: [] }];
  for (const type of CELL_TYPES) {
    for (let node = 0; node < space.nodes; node++) {
      const choices = nodeChoices(strengths, space, { type, node, cost });
      front = undominated(front.flatMap((earlier) =>
        choices.map(({ parameters, strength, genes }) => ({
          parameters: earlier.parameters + parameters,
          strength: earlier.strength + strength,
          genes,
          earlier,
        }))
      ));
    }
  }
  const best = front.findLast(({ parameters }) => parameters <= maxParameters);
  if (best === undefined) {
    throw new RangeError(
      `Cannot derive a network of at most ${maxParameters} parameters: the smallest has ${front[0]!.parameters}`,
    );
  }
  const found: Gene[] = [];
  for (let choice: Choice | undefined = best; choice; choice = choice.earlier) found.unshift(...choice.genes);
  return { ...strongest, normal: found.slice(0, genes.length), reduce: found.slice(genes.length) };
}

function countParameters(space: DartsSpace, genotype: DartsGenotype): number {
  const counter = new CostCounter({ height: space.height, width: space.width, channels: space.inputChannels });
  lowerDerivedNetwork(counter, { space, genotype });
  return counter.cost().parameters;
}

/** All that a node may sensibly be: two edges, the stronger first, and an operation on each. */
function nodeChoices(
  strengths: Float32Array,
  space: DartsSpace,
  { type, node, cost }: {
    type: CellType;
    node: number;
    cost: (type: CellType, node: number, gene: Gene) => number;
  },
): Choice[] {
  const edges = listEdges(space.nodes).filter((edge) => edge.node === node).map(({ index: edge, from }) => {
    const operations = PRIMITIVES.slice(1).filter((name) => holdsCandidate(space, type, edge, name));
    return undominated(operations.map((operation) => ({
      parameters: cost(type, node, [operation, from]),
      strength: strengths[mixingIndex(space, type, edge, PRIMITIVES.indexOf(operation))]!,
      genes: [[operation, from]] as const,
    })));
  });
  const pairs = edges.flatMap((one, i) =>
    edges.slice(i + 1).flatMap((other) =>
      one.flatMap((a) =>
        other.map((b) => ({
          parameters: a.parameters + b.parameters,
          strength: a.strength + b.strength,
          genes: b.strength > a.strength ? [...b.genes, ...a.genes] : [...a.genes, ...b.genes],
        }))
      )
    )
  );
  return undominated(pairs);
}

/** Those than which no other is both stronger and not larger, by size; of equal ones the first. */
function undominated(choices: readonly Choice[]): Choice[] {
  const kept: Choice[] = [];
  for (const choice of choices.toSorted((a, b) => a.parameters - b.parameters || b.strength - a.strength)) {
    if (kept.length === 0 || choice.strength > kept.at(-1)!.strength) kept.push(choice);
  }
  return kept;
}
