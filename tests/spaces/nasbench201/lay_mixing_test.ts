import { assertAlmostEquals, assertEquals } from "@std/assert";
import type { StateTensor } from "../../../src/network/mod.ts";
import { layMixing } from "../../../src/spaces/nasbench201/lay_mixing.ts";
import { buildSupernet } from "../../../src/spaces/mod.ts";
import { EVERY, smallSpace } from "./_space.ts";

Deno.test("layMixing() writes shares whose mean over a node's terms is one", () => {
  const space = smallSpace();
  const state = new Map<string, StateTensor>(
    buildSupernet(space).norms.flatMap(({ names, channels }) =>
      names.map((name) => [`${name}.running_mean`, { shape: [channels], data: new Float32Array(channels) }])
    ),
  );
  const mixing = Float32Array.from({ length: 30 }, (_, i) => (1 + i) / 100);
  const laid = layMixing(state, mixing, { space, genotype: EVERY });
  const weight = (prefix: string) => laid.get(`${prefix}.op.2.weight`)!.data[0]! as number;
  // Node 1 has one term; node 2 a convolution (8) and a pooling (15); node 3 a skip (17) and a convolution (29).
  assertAlmostEquals(weight("cells.0.edges.1<-0.3"), 1, 1e-6);
  assertAlmostEquals(weight("cells.2.edges.2<-0.2"), 8 / 11.5, 1e-6);
  assertAlmostEquals(weight("cells.4.edges.3<-2.3"), 29 / 23, 1e-6);
  assertEquals(laid.get("cells.4.edges.3<-2.3.op.2.bias")!.data, new Float32Array(16));
  // Three cells of three convolutions; all else is as it was.
  assertEquals(laid.size, state.size + 2 * 9);
});
