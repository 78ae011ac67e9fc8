import { assert, assertEquals } from "@std/assert";
import { costOfDerivedNetwork, COUNTED_COSTS } from "../../../src/spaces/mod.ts";
import { checkGenotype, randomGenotype } from "../../../src/spaces/darts/genotype.ts";
import { dartsPlaces, dartsProbes } from "../../../src/spaces/darts/places.ts";
import { countMixing, type DartsSpace, makeDartsSpace, STEMS } from "../../../src/spaces/darts/space.ts";

/** What the places say that an architecture costs. */
function predict(space: DartsSpace, genotype: ReturnType<typeof randomGenotype>): number[] {
  const costs = COUNTED_COSTS.map(({ of }) =>
    dartsProbes(space).map((genotype) => of(costOfDerivedNetwork({ space, genotype })))
  );
  const { base, options, assemble } = dartsPlaces(new Float32Array(countMixing(space)), space, costs);
  const genes = ({ normal, reduce }: typeof genotype) => [...normal, ...reduce].map(String);
  // Each node's option is that whose genes are the architecture's.
  const chosen = options.map((ways, place) => {
    const wanted = genes(genotype).slice(2 * place, 2 * place + 2).toSorted();
    return ways.find((option) => {
      const own = (option as unknown as { genes: unknown[] }).genes.map(String);
      return String(own.toSorted()) === String(wanted);
    })!;
  });
  assertEquals(genes(assemble(chosen)).toSorted(), genes(genotype).toSorted());
  return base.map((cost, i) => chosen.reduce((sum, option) => sum + option.costs[i]!, cost));
}

Deno.test("dartsPlaces() prices any architecture exactly, with every stem and number of nodes", () => {
  for (const [i, stem] of STEMS.entries()) {
    const space = makeDartsSpace({ nodes: 1 + i, cells: 3 + i, channels: 4, stem, height: 33, width: 40 });
    for (let seed = 0; seed < 6; seed++) {
      const genotype = randomGenotype(seed, space.nodes);
      const cost = costOfDerivedNetwork({ space, genotype });
      assertEquals(predict(space, genotype), COUNTED_COSTS.map(({ of }) => of(cost)));
    }
  }
});

Deno.test("dartsProbes() are architectures that differ from the plain one, each in another way", () => {
  for (const nodes of [1, 2, 4]) {
    const probes = dartsProbes(makeDartsSpace({ nodes }));
    probes.forEach(checkGenotype);
    assertEquals(new Set(probes.map((genotype) => JSON.stringify(genotype))).size, probes.length);
    assert(probes.length === (nodes === 1 ? 13 : 19), `${probes.length}`);
  }
});
