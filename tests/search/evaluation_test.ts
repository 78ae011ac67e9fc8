import { assertAlmostEquals, assertEquals, assertThrows } from "@std/assert";
import { Engine } from "../../src/engine/mod.ts";
import { evaluateNetwork, Tally } from "../../src/search/mod.ts";
import { tinySearch } from "./_tiny_search.ts";

const engine = await Engine.start({ build: "strict", threads: 1 });

Deno.test("evaluateNetwork() does not depend on the size of its batches, nor change the network", () => {
  const { network, data } = tinySearch(engine);
  network.setMixing(new Float32Array(network.mixingCount).fill(0.125));
  const indices = Uint32Array.from({ length: 13 }, (_, i) => i);
  const before = network.read("stem.1.running_mean");
  const [large, small] = [8, 3].map((batch) => evaluateNetwork(network, data, { indices, batch }));
  assertEquals([large!.count, large!.accuracy], [13, small!.accuracy]);
  // Both are the same losses, summed in double precision in another order; an image's own is the same number.
  assertAlmostEquals(large!.loss, small!.loss, 1e-6 * large!.loss);
  assertEquals(network.read("stem.1.running_mean"), before);
});

Deno.test("evaluateNetwork() refuses an empty set", () => {
  const { network, data } = tinySearch(engine);
  assertThrows(
    () => evaluateNetwork(network, data, { indices: new Uint32Array(), batch: 8 }),
    RangeError,
    "found no images",
  );
});

Deno.test("Tally weighs batches by their size and goes on from a state", () => {
  const tally = new Tally();
  tally.add({ loss: 1, correct: 1, count: 2 });
  const resumed = new Tally(JSON.parse(JSON.stringify(tally.state())));
  resumed.add({ loss: 4, correct: 1, count: 1 });
  assertEquals(resumed.evaluation(), { loss: 2, accuracy: 2 / 3, count: 3 });
});
