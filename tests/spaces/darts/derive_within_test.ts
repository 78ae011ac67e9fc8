import { assert, assertEquals, assertThrows } from "@std/assert";
import { costOfDerivedNetwork } from "../../../src/spaces/mod.ts";
import { deriveGenotype } from "../../../src/spaces/darts/derive.ts";
import { deriveGenotypeWithin } from "../../../src/spaces/darts/derive_within.ts";
import { checkGenotype, type DartsGenotype, type Gene, genesOf } from "../../../src/spaces/darts/genotype.ts";
import {
  CELL_TYPES,
  countMixing,
  type DartsSpace,
  edgeIndex,
  makeDartsSpace,
  mixingIndex,
  PRIMITIVES,
} from "../../../src/spaces/darts/space.ts";

const SPACE = makeDartsSpace({ nodes: 2, cells: 3, channels: 4 });

/** Strengths that look random and are the same each time. */
function someStrengths(space: DartsSpace, seed: number): Float32Array {
  return Float32Array.from(
    { length: countMixing(space) },
    (_, i) => Math.abs(Math.sin(1 + i * 12.9898 + seed * 78.233)),
  );
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

Deno.test("deriveGenotypeWithin() gives what deriveGenotype() gives where that fits", () => {
  const strengths = someStrengths(SPACE, 0);
  const strongest = deriveGenotype(strengths, SPACE);
  assertEquals(deriveGenotypeWithin(strengths, SPACE, sizeOf(SPACE, strongest)), strongest);
  assertEquals(deriveGenotypeWithin(strengths, SPACE, 1e9), strongest);
});

Deno.test("deriveGenotypeWithin() finds the strongest of all architectures that fit", () => {
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
      const found = deriveGenotypeWithin(strengths, space, limit);
      assert(sizeOf(space, found) <= limit);
      const best = Math.max(...all.filter(({ size }) => size <= limit).map(({ strength }) => strength));
      assert(Math.abs(strengthOf(space, found, strengths) - best) < 1e-9);
    }
  }
});

Deno.test("deriveGenotypeWithin() is a valid architecture of two edges a node, the stronger first, at any size", () => {
  const space = makeDartsSpace({ nodes: 4, cells: 5, channels: 8 });
  const strengths = someStrengths(space, 4);
  let before = Infinity;
  for (let limit = sizeOf(space, deriveGenotype(strengths, space)); limit > 20_000; limit -= 1500) {
    const genotype = deriveGenotypeWithin(strengths, space, limit);
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

Deno.test("deriveGenotypeWithin() takes only candidates that the space holds", () => {
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
  const operations = CELL_TYPES.flatMap((type) => genesOf(deriveGenotypeWithin(strengths, space, limit), type).genes)
    .map(([operation]) => operation);
  assertEquals([...new Set(operations)].toSorted(), ["dil_conv_3x3", "sep_conv_3x3"]);
  assertThrows(() => deriveGenotypeWithin(strengths, space, 100), RangeError, "the smallest has");
});

Deno.test("deriveGenotypeWithin() names the smallest size where nothing fits", () => {
  const smallest = /the smallest has (\d+)/.exec(
    assertThrows(() => deriveGenotypeWithin(someStrengths(SPACE, 5), SPACE, 1), RangeError).message,
  )![1]!;
  const genotype = deriveGenotypeWithin(someStrengths(SPACE, 5), SPACE, Number(smallest));
  assertEquals(sizeOf(SPACE, genotype), Number(smallest));
});
