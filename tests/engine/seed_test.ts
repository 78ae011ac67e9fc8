import { assertEquals, assertThrows } from "@std/assert";
import { seedWords } from "../../src/engine/seed.ts";

Deno.test("seedWords() splits a seed into 32-bit words", () => {
  assertEquals(seedWords(0), [0, 0]);
  assertEquals(seedWords(2 ** 32 - 1), [2 ** 32 - 1, 0]);
  assertEquals(seedWords(2 ** 32 + 5), [5, 1]);
  assertEquals(seedWords(Number.MAX_SAFE_INTEGER), [2 ** 32 - 1, 2 ** 21 - 1]);
});

Deno.test("seedWords() refuses what is not a seed", () => {
  for (const seed of [-1, 0.5, NaN, Infinity, 2 ** 53]) assertThrows(() => seedWords(seed), RangeError, `seed ${seed}`);
});
