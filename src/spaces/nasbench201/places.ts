import type { PlaceOption, Places } from "../places.ts";
import type { NasBench201Genotype } from "./genotype.ts";
import { candidatesOf, EDGES, mixingIndex, type NasBench201Space, type Operation, OPERATIONS } from "./space.ts";

/** Operations without parameters and multiply-adds, hence of no cost: nothing else is compared with more than one of them. */
const PLAIN = "skip_connect";

/** What is compared with it. `none` costs what a skip does, or in seconds a trifle less. */
const COSTLY: readonly Operation[] = OPERATIONS.filter((operation) => operation !== "none" && operation !== PLAIN);

/** What an edge may be. */
interface EdgeOption extends PlaceOption {
  readonly operation: Operation;
}

/**
 * The architecture of skips alone, and for each other operation the one that has it on all edges: the difference, divided by the
 * number of edges, is what an edge of that operation costs. Parameters and multiply-adds follow exactly, times nearly.
 *
 * @returns The architectures, that of skips first.
 */
export function nasBench201Probes(): NasBench201Genotype[] {
  return [PLAIN, ...COSTLY].map((operation) => ({ operations: EDGES.map(() => operation as Operation) }));
}

/**
 * Derivation as a choice for each edge.
 *
 * @param strengths One number an edge and operation, in the layout of the mixing weights.
 * @param space The search space; only candidates that it holds are among the options.
 * @param costs For each cost that counts, that of every one of the {@linkcode nasBench201Probes}.
 * @returns The choice.
 */
export function nasBench201Places(
  strengths: Float32Array,
  space: NasBench201Space,
  costs: readonly (readonly number[])[],
): Places<NasBench201Genotype> {
  const price = (operation: Operation) =>
    costs.map((ofProbe) => (ofProbe[1 + COSTLY.indexOf(operation)]! - ofProbe[0]!) / EDGES.length);
  return {
    base: costs.map(([plain]) => plain!),
    // An operation that is not among the costly ones is compared with the first probe: 1 + -1.
    options: EDGES.map(({ index }) =>
      candidatesOf(space, index).map((operation): EdgeOption => ({
        operation,
        strength: strengths[mixingIndex(index, operation)]!,
        costs: price(operation),
      }))
    ),
    assemble: (chosen) => ({ operations: (chosen as readonly EdgeOption[]).map(({ operation }) => operation) }),
  };
}
