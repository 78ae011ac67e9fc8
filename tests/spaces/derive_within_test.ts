import { assert, assertEquals, assertThrows } from "@std/assert";
import {
  costOfDerivedNetwork,
  COUNTED_COSTS,
  type CountedCost,
  deriveGenotype as deriveAtMost,
  deriveWithin,
  leastCost,
  limitOf,
} from "../../src/spaces/mod.ts";
import { deriveGenotype } from "../../src/spaces/darts/derive.ts";
import { checkGenotype, type DartsGenotype, type Gene, genesOf } from "../../src/spaces/darts/genotype.ts";
import {
  CELL_TYPES,
  type CellType,
  countMixing,
  type DartsSpace,
  edgeIndex,
  makeDartsSpace,
  mixingIndex,
  PRIMITIVES,
} from "../../src/spaces/darts/space.ts";

const SPACE = makeDartsSpace({ nodes: 2, cells: 3, channels: 4 });

/** Strengths that look random and are the same each time. */
function someStrengths(space: DartsSpace, seed: number): Float32Array {
  return Float32Array.from(
    { length: countMixing(space) },
    (_, i) => Math.abs(Math.sin(1 + i * 12.9898 + seed * 78.233)),
  );
}

/** The architecture within a limit of parameters. */
function within(strengths: Float32Array, space: DartsSpace, maxParameters: number): DartsGenotype {
  return deriveAtMost(strengths, space, maxParameters) as DartsGenotype;
}

function sizeOf(space: DartsSpace, genotype: DartsGenotype): number {
  return costOfDerivedNetwork({ space, genotype }).parameters;
}

function strengthOf(space: DartsSpace, genotype: DartsGenotype, strengths: Float32Array): number {
  return CELL_TYPES.flatMap((type) =>
    genesOf(genotype, type).genes.map(([operation, from], k) =>
      strengths[mixingIndex(space, type, edgeIndex(k >> 1, from), PRIMITIVES.indexOf(operation))]!
    )
  ).reduce((sum, strength) => sum + strength, 0);
}

Deno.test("deriveGenotype() of a limit is that of none where that fits", () => {
  const strengths = someStrengths(SPACE, 0);
  const strongest = deriveGenotype(strengths, SPACE);
  assertEquals(within(strengths, SPACE, sizeOf(SPACE, strongest)), strongest);
  assertEquals(within(strengths, SPACE, 1e9), strongest);
});

Deno.test("deriveWithin() finds the strongest of all architectures that fit", () => {
  // One node a cell: every architecture can be tried.
  const space = makeDartsSpace({ nodes: 1, cells: 3, channels: 4 });
  const cells = PRIMITIVES.slice(1).flatMap((a) => PRIMITIVES.slice(1).map((b): Gene[] => [[a, 0], [b, 1]]));
  for (const seed of [1, 2, 3]) {
    const strengths = someStrengths(space, seed);
    const all = cells.flatMap((normal) =>
      cells.map((reduce): DartsGenotype => ({ normal, normal_concat: [2], reduce, reduce_concat: [2] }))
    ).map((genotype) => ({ size: sizeOf(space, genotype), strength: strengthOf(space, genotype, strengths) }));
    const largest = sizeOf(space, deriveGenotype(strengths, space));
    const smallest = Math.min(...all.map(({ size }) => size));
    for (const share of [0.9, 0.6, 0.3, 0]) {
      const limit = Math.floor(smallest + share * (largest - smallest));
      const found = within(strengths, space, limit);
      assert(sizeOf(space, found) <= limit);
      const best = Math.max(...all.filter(({ size }) => size <= limit).map(({ strength }) => strength));
      assert(Math.abs(strengthOf(space, found, strengths) - best) < 1e-9);
    }
  }
});

Deno.test("deriveWithin() is a valid architecture of two edges a node, the stronger first, at any size", () => {
  const space = makeDartsSpace({ nodes: 4, cells: 5, channels: 8 });
  const strengths = someStrengths(space, 4);
  let before = Infinity;
  for (let limit = sizeOf(space, deriveGenotype(strengths, space)); limit > 20_000; limit -= 1500) {
    const genotype = within(strengths, space, limit);
    checkGenotype(genotype);
    assert(sizeOf(space, genotype) <= limit);
    for (const type of CELL_TYPES) {
      const { genes } = genesOf(genotype, type);
      for (let k = 0; k < genes.length; k += 2) {
        const [one, other] = [genes[k]!, genes[k + 1]!].map(([operation, from]) =>
          strengths[mixingIndex(space, type, edgeIndex(k >> 1, from), PRIMITIVES.indexOf(operation))]!
        );
        assert(one! >= other!);
        assert(genes[k]![1] !== genes[k + 1]![1]);
      }
    }
    const strength = strengthOf(space, genotype, strengths);
    assert(strength <= before + 1e-9);
    before = strength;
  }
});

Deno.test("deriveWithin() takes only candidates that the space holds", () => {
  const edges = edgeIndex(SPACE.nodes, 0);
  const lists = Array.from({ length: edges }, () => ["sep_conv_3x3" as const, "dil_conv_3x3" as const]);
  const space = makeDartsSpace({ ...SPACE, candidates: { normal: lists, reduce: lists } });
  const strengths = new Float32Array(countMixing(space));
  for (let edge = 0; edge < edges; edge++) {
    for (const type of CELL_TYPES) {
      strengths[mixingIndex(space, type, edge, PRIMITIVES.indexOf("sep_conv_3x3"))] = 0.6;
      strengths[mixingIndex(space, type, edge, PRIMITIVES.indexOf("dil_conv_3x3"))] = 0.3;
    }
  }
  const limit = sizeOf(space, deriveGenotype(strengths, space)) - 1;
  const operations = CELL_TYPES.flatMap((type) => genesOf(within(strengths, space, limit), type).genes)
    .map(([operation]) => operation);
  assertEquals([...new Set(operations)].toSorted(), ["dil_conv_3x3", "sep_conv_3x3"]);
  assertThrows(() => within(strengths, space, 100), RangeError, "the smallest has");
});

Deno.test("deriveWithin() names the smallest size where nothing fits", () => {
  const smallest = /the smallest has (\d+)/.exec(
    assertThrows(() => within(someStrengths(SPACE, 5), SPACE, 1), RangeError).message,
  )![1]!;
  const genotype = within(someStrengths(SPACE, 5), SPACE, Number(smallest));
  assertEquals(sizeOf(SPACE, genotype), Number(smallest));
});

/** Two or three operations an edge, others at other edges: all architectures can be counted one by one. */
function prunedSpace(): DartsSpace {
  const edges = edgeIndex(2, 0);
  const lists = (shift: number) =>
    Array.from(
      { length: edges },
      (_, edge) => PRIMITIVES.slice(1).filter((_, operation) => (3 * operation + edge + shift) % 7 < 2 + (edge % 2)),
    );
  const sizes = { nodes: 2, cells: 4, channels: 4, height: 9, width: 12 };
  return makeDartsSpace({ ...sizes, candidates: { normal: lists(0), reduce: lists(1) } });
}

function listCells(space: DartsSpace, type: CellType): Gene[][] {
  const nodes = [0, 1].map((node) => {
    const edges = Array.from(
      { length: 2 + node },
      (_, from) => space.candidates![type][edgeIndex(node, from)]!.map((operation): Gene => [operation, from]),
    );
    return edges.flatMap((one, i) =>
      edges.slice(i + 1).flatMap((other) => one.flatMap((a) => other.map((b) => [a, b])))
    );
  });
  return nodes[0]!.flatMap((first) => nodes[1]!.map((second) => [...first, ...second]));
}

Deno.test("deriveWithin() gives the strongest of all architectures of two nodes, for each cost and for both at once", () => {
  const space = prunedSpace();
  const [normals, reduces] = CELL_TYPES.map((type) => listCells(space, type)) as [Gene[][], Gene[][]];
  const genotypes = normals.flatMap((normal) =>
    reduces.map((reduce): DartsGenotype => ({ normal, normal_concat: [2, 3], reduce, reduce_concat: [2, 3] }))
  );
  assert(genotypes.length > 500);
  const counted = genotypes.map((genotype) => costOfDerivedNetwork({ space, genotype }));
  const costs = COUNTED_COSTS.map(({ name, of }) => ({ name, of: counted.map(of) }));
  for (const { name, of } of costs) assertEquals(leastCost(space, limitOf(space, name, 0)), Math.min(...of));
  let tried = 0;
  for (const seed of [1, 2]) {
    const strengths = someStrengths(space, seed);
    const strength = genotypes.map((genotype) => strengthOf(space, genotype, strengths));
    for (const names of [["parameters"], ["macs"], ["parameters", "macs"]] as CountedCost[][]) {
      for (const share of [0, 0.2, 0.5, 0.8, 1]) {
        const bounded = costs.filter(({ name }) => names.includes(name)).map(({ name, of }, i) => {
          const [low, high] = [Math.min(...of), Math.max(...of)];
          // Of two limits now the one is the narrower, now the other.
          return { name, of, most: Math.floor(low + (i === 0 ? share : 0.9 - share / 2) * (high - low)) };
        });
        const fits = genotypes.map((_, i) => i).filter((i) => bounded.every(({ of, most }) => of[i]! <= most));
        const best = fits.map((i) => strength[i]!).toSorted((a, b) => b - a).slice(0, 5);
        const limits = bounded.map(({ name, most }) => limitOf(space, name, most));
        if (best.length === 0) {
          assertThrows(() => deriveWithin(strengths, space, { limits }), RangeError, "taken one by one");
          continue;
        }
        const found = deriveWithin(strengths, space, { limits, count: 5 });
        assertEquals(found.length, best.length);
        assertEquals(new Set(found.map(({ genotype }) => JSON.stringify(genotype))).size, best.length);
        found.forEach((one, i) => {
          const cost = costOfDerivedNetwork({ space, genotype: one.genotype });
          for (const { name, most } of bounded) {
            assert(COUNTED_COSTS.find((row) => row.name === name)!.of(cost) <= most);
          }
          assert(Math.abs(one.strength - best[i]!) < 1e-6, `${names} ${share}: ${one.strength}, expected ${best[i]}`);
          assert(Math.abs(strengthOf(space, one.genotype as DartsGenotype, strengths) - best[i]!) < 1e-6);
        });
        assertEquals(deriveWithin(strengths, space, { limits })[0]!.genotype, found[0]!.genotype);
        tried++;
      }
    }
  }
  assert(tried >= 20, `${tried}`);
});

Deno.test("deriveWithin() refuses strengths that are not finite, and names the limits of which none is met", () => {
  const strengths = someStrengths(SPACE, 6);
  const limits = [limitOf(SPACE, "parameters", 10), limitOf(SPACE, "macs", 10)];
  assertThrows(
    () => deriveWithin(strengths, SPACE, { limits }),
    RangeError,
    "at most 10 parameters and 10 multiply-adds: taken one by one, the smallest have",
  );
  assertThrows(() => deriveWithin(strengths.fill(NaN, 3, 4), SPACE, { limits: [] }), RangeError, "strength 3 is NaN");
});
