import { assertEquals } from "@std/assert";
import { costOfDerivedNetwork, COUNTED_COSTS, deriveWithin, limitOf } from "../../../src/spaces/mod.ts";
import { randomGenotype } from "../../../src/spaces/nasbench201/genotype.ts";
import { nasBench201Places, nasBench201Probes } from "../../../src/spaces/nasbench201/places.ts";
import { type Operation, OPERATIONS } from "../../../src/spaces/nasbench201/space.ts";
import { smallSpace, STRENGTHS } from "./_space.ts";

Deno.test("nasBench201Places() prices any architecture exactly, whatever leads nowhere in it", () => {
  const space = smallSpace({ cellsPerStage: 2, height: 9 });
  const costs = COUNTED_COSTS.map(({ of }) =>
    nasBench201Probes().map((genotype) => of(costOfDerivedNetwork({ space, genotype })))
  );
  const { base, options, assemble } = nasBench201Places(STRENGTHS, space, costs);
  for (let seed = 0; seed < 10; seed++) {
    const genotype = randomGenotype(seed);
    const chosen = options.map((ways, edge) => ways[OPERATIONS.indexOf(genotype.operations[edge]! as Operation)]!);
    assertEquals(assemble(chosen), genotype);
    const priced = base.map((cost, i) => chosen.reduce((sum, option) => sum + option.costs[i]!, cost));
    const cost = costOfDerivedNetwork({ space, genotype });
    assertEquals(priced, COUNTED_COSTS.map(({ of }) => of(cost)));
  }
});

Deno.test("deriveWithin() keeps to a limit of parameters in this space", () => {
  const space = smallSpace();
  const all = { operations: Array(6).fill("nor_conv_1x1") };
  const most = costOfDerivedNetwork({ space, genotype: all }).parameters;
  // 3×3 convolutions everywhere are strongest.
  const strengths = Float32Array.from({ length: 30 }, (_, i) => i % 5);
  strengths.forEach((_, i) => strengths[i] = i % 5 === 3 ? 9 : strengths[i]!);
  const [found] = deriveWithin(strengths, space, { limits: [limitOf(space, "parameters", most)] });
  const { parameters } = costOfDerivedNetwork({ space, genotype: found!.genotype });
  assertEquals(parameters <= most, true);
});
