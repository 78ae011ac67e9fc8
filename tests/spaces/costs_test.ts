import { assert, assertEquals } from "@std/assert";
import { costOfDerivedNetwork, COUNTED_COSTS, limitOf, makeSpace, probesOf } from "../../src/spaces/mod.ts";

Deno.test("limitOf() counts every probe of a space, by the cost that is asked for", () => {
  const sizes = { channels: 4, cells: 3, nodes: 2 };
  const space = makeSpace({ name: "darts", classes: 10, inputChannels: 1, height: 8, width: 8 }, sizes);
  const probes = probesOf(space);
  assert(probes.length > 10);
  for (const { name, of } of COUNTED_COSTS) {
    const limit = limitOf(space, name, 1000);
    assertEquals(limit.most, 1000);
    assertEquals(limit.probes, probes.map((genotype) => of(costOfDerivedNetwork({ space, genotype }))));
  }
  assertEquals(COUNTED_COSTS.map(({ name }) => name), ["parameters", "macs"]);
});
