import type { PlaceOption, Places } from "../places.ts";
import type { DartsGenotype, Gene } from "./genotype.ts";
import {
  CELL_TYPES,
  type CellType,
  type DartsSpace,
  holdsCandidate,
  listEdges,
  mixingIndex,
  type Primitive,
  PRIMITIVES,
} from "./space.ts";

/** An operation costs the same at all edges of a kind of cell, but for those that halve the map. */
type EdgeKind = "normal" | "halving" | "reduce";

/** Operations that cost least where everything else is compared with them: a skip is nothing, but not where it halves the map. */
const PLAIN: Readonly<Record<EdgeKind, Primitive>> = {
  normal: "skip_connect",
  halving: "max_pool_3x3",
  reduce: "skip_connect",
};

/** A network in which all probed edges of a kind have one operation. */
interface Probe {
  readonly kind: EdgeKind;
  readonly operation: Primitive;
  /** Edges of the kind that are probed. */
  readonly edges: number;
  readonly genotype: DartsGenotype;
}

/** Options of a node: two genes, the stronger first. */
interface NodeOption extends PlaceOption {
  readonly type: CellType;
  readonly genes: readonly Gene[];
}

function edgeKind(type: CellType, from: number): EdgeKind {
  return type === "normal" ? "normal" : from < 2 ? "halving" : "reduce";
}

/**
 * The architecture of plain edges, and for each kind of edge and operation one that has it on some of these edges and is plain
 * elsewhere: the difference, divided by the number of edges, is what a gene costs.
 *
 * Parameters and multiply-adds follow exactly. Times follow nearly; to that end no two edges that are probed read the same state,
 * of which networks share poolings.
 *
 * @param space The search space.
 * @returns The architectures, the plain one first.
 */
export function dartsProbes(space: DartsSpace): DartsGenotype[] {
  return [plainGenotype(space), ...listProbes(space).map(({ genotype }) => genotype)];
}

function listProbes({ nodes }: DartsSpace): Probe[] {
  return (Object.keys(PLAIN) as EdgeKind[]).flatMap((kind) => {
    const places = probedEdges(nodes, kind);
    if (places.length === 0) return [];
    return PRIMITIVES.slice(1).filter((operation) => operation !== PLAIN[kind]).map((operation) => ({
      kind,
      operation,
      edges: places.length,
      genotype: probe(nodes, kind, operation),
    }));
  });
}

/** Positions of the genes that are probed: of each node the second, which reads the state before it; both of the first node. */
function probedEdges(nodes: number, kind: EdgeKind): number[] {
  if (kind === "halving") return [0, 1];
  const seconds = Array.from({ length: nodes }, (_, node) => 2 * node + 1);
  return kind === "normal" ? seconds : seconds.slice(1);
}

function plainGenotype({ nodes }: Pick<DartsSpace, "nodes">): DartsGenotype {
  const concat = Array.from({ length: nodes }, (_, node) => 2 + node);
  const [normal, reduce] = CELL_TYPES.map((type) =>
    concat.flatMap((_, node): Gene[] => [0, node + 1].map((from): Gene => [PLAIN[edgeKind(type, from)], from]))
  );
  return { normal: normal!, normal_concat: concat, reduce: reduce!, reduce_concat: [...concat] };
}

function probe(nodes: number, kind: EdgeKind, operation: Primitive): DartsGenotype {
  const plain = plainGenotype({ nodes });
  const type = kind === "normal" ? "normal" : "reduce";
  const probed = probedEdges(nodes, kind);
  const genes = plain[type].map(([own, from], i): Gene => [probed.includes(i) ? operation : own, from]);
  return { ...plain, [type]: genes };
}

/**
 * Derivation as a choice for each node of both kinds of cell: two edges and an operation on each.
 *
 * @param strengths One number an edge and operation, in the layout of the mixing weights.
 * @param space The search space; only candidates that it holds are among the options.
 * @param costs For each cost that counts, that of every one of the {@linkcode dartsProbes}.
 * @returns The choice.
 */
export function dartsPlaces(
  strengths: Float32Array,
  space: DartsSpace,
  costs: readonly (readonly number[])[],
): Places<DartsGenotype> {
  const costOf = priceGenes(space, costs);
  const concat = Array.from({ length: space.nodes }, (_, node) => 2 + node);
  return {
    base: costs.map(([plain]) => plain!),
    options: CELL_TYPES.flatMap((type) =>
      concat.map((_, node) => nodeOptions(strengths, space, { type, node, costOf }))
    ),
    assemble(chosen) {
      const genesOf = (type: CellType) =>
        (chosen as readonly NodeOption[]).filter((option) => option.type === type).flatMap(({ genes }) => genes);
      const [normal, reduce] = CELL_TYPES.map(genesOf);
      return { normal: normal!, normal_concat: concat, reduce: reduce!, reduce_concat: [...concat] };
    },
  };
}

/** What a gene costs beyond a plain one, by cost. */
type GenePrice = (type: CellType, gene: Gene) => readonly number[];

function priceGenes(space: DartsSpace, costs: readonly (readonly number[])[]): GenePrice {
  const nothing = costs.map(() => 0);
  const prices = new Map(
    listProbes(space).map(({ kind, operation, edges }, i) => [
      `${kind} ${operation}`,
      costs.map((ofProbe) => (ofProbe[1 + i]! - ofProbe[0]!) / edges),
    ]),
  );
  return (type, [operation, from]) => prices.get(`${edgeKind(type, from)} ${operation}`) ?? nothing;
}

/** All that a node may be: two edges, the stronger first, and an operation on each. */
function nodeOptions(
  strengths: Float32Array,
  space: DartsSpace,
  { type, node, costOf }: { type: CellType; node: number; costOf: GenePrice },
): NodeOption[] {
  const edges = listEdges(space.nodes).filter((edge) => edge.node === node).map(({ index: edge, from }) =>
    PRIMITIVES.slice(1).filter((name) => holdsCandidate(space, type, edge, name)).map((operation) => ({
      gene: [operation, from] as Gene,
      strength: strengths[mixingIndex(space, type, edge, PRIMITIVES.indexOf(operation))]!,
      costs: costOf(type, [operation, from]),
    }))
  );
  return edges.flatMap((one, i) =>
    edges.slice(i + 1).flatMap((other) =>
      one.flatMap((a) =>
        other.map((b): NodeOption => ({
          type,
          strength: a.strength + b.strength,
          costs: a.costs.map((cost, k) => cost + b.costs[k]!),
          genes: b.strength > a.strength ? [b.gene, a.gene] : [a.gene, b.gene],
        }))
      )
    )
  );
}
