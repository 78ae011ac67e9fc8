import { assert, assertEquals, assertNotEquals } from "@std/assert";
import { deriveSeed, keyedRandom } from "../../src/network/mod.ts";

Deno.test("deriveSeed() gives each purpose and seed its own unsigned 32-bit seed", () => {
  const seeds = new Set<number>();
  for (let seed = 0; seed < 100; seed++) {
    for (const purpose of ["alpha", "split", "weights", "a", ""]) {
      const derived = deriveSeed(seed, purpose);
      assert(Number.isInteger(derived) && derived >= 0 && derived < 2 ** 32);
      seeds.add(derived);
    }
  }
  assertEquals(seeds.size, 500);
});

Deno.test("deriveSeed() stays what it is, for runs are resumed by later versions", () => {
  assertEquals([deriveSeed(0, "alpha"), deriveSeed(1, "alpha"), deriveSeed(1, "split")], [
    760620807,
    3550491353,
    3671506821,
  ]);
});

Deno.test("keyedRandom() repeats itself for one seed and differs between two", () => {
  const draw = (seed: number) => {
    const random = keyedRandom(seed);
    return Array.from({ length: 20 }, () => random(1000));
  };
  assertEquals(draw(7), draw(7));
  assertNotEquals(draw(7), draw(8));
});

Deno.test("keyedRandom() is even", () => {
  const random = keyedRandom(1);
  const counts = new Array<number>(7).fill(0);
  for (let i = 0; i < 70_000; i++) counts[random(7)]!++;
  // Standard deviation of a count is about 93; five of them.
  for (const count of counts) assert(Math.abs(count - 10_000) < 465, `found ${count}`);
});
