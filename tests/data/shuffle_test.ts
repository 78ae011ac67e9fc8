import { assert, assertEquals, assertNotEquals, assertThrows } from "@std/assert";
import { shuffle } from "../../src/data/shuffle.ts";

const upTo = (count: number) => Uint32Array.from({ length: count }, (_, i) => i);

Deno.test("shuffle() keeps every item and depends on each part of the key alone", () => {
  for (const count of [0, 1, 2, 3, 100, 1009]) {
    assertEquals(shuffle(upTo(count), [5, 1]).sort(), upTo(count));
  }
  const order = shuffle(upTo(100), [5, 1]);
  assertEquals(shuffle(upTo(100), [5, 1]), order);
  for (const key of [[5, 2], [6, 1], [1, 5], [5], [5, 1, 0], [5 + 2 ** 32, 1], [5 + 2 ** 33, 1]]) {
    assertNotEquals(shuffle(upTo(100), key), order, `key ${key}`);
  }
});

Deno.test("shuffle() keeps its order from one version to the next", () => {
  // Splits of old runs must stay what they were.
  assertEquals([...shuffle(upTo(10), [0, 1])], [8, 3, 1, 5, 9, 2, 7, 0, 4, 6]);
});

Deno.test("shuffle() puts every item at every place about equally often", () => {
  const rounds = 6000;
  const size = 6;
  const counts = Array.from({ length: size }, () => new Array<number>(size).fill(0));
  for (let seed = 0; seed < rounds; seed++) {
    shuffle(upTo(size), [seed]).forEach((item, place) => counts[item]![place]!++);
  }
  // Expected 1000 with a standard deviation of 29; six of them.
  for (const row of counts) for (const count of row) assert(Math.abs(count - rounds / size) < 174, `${counts}`);
});

Deno.test("shuffle() refuses a key that is no non-negative integer", () => {
  for (const bad of [-1, 0.5, NaN, Infinity, 2 ** 53]) {
    assertThrows(() => shuffle(upTo(3), [bad]), RangeError, `key is ${bad}`);
  }
});
