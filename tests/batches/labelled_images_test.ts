import { assertEquals } from "@std/assert";
import { batchesOf, firstIndices, headsOf, indicesOf } from "../../src/batches/labelled_images.ts";

const part = (first: number, count: number, classes: number) => ({
  first,
  labels: new Uint8Array(count),
  classes,
  firstClass: 0,
  mean: [0],
  std: [1],
});

Deno.test("firstIndices() counts from 0", () => {
  assertEquals(firstIndices(3), Uint32Array.of(0, 1, 2));
});

Deno.test("indicesOf() counts from a dataset's first image", () => {
  assertEquals(indicesOf(part(5, 3, 2)), Uint32Array.of(5, 6, 7));
});

Deno.test("headsOf() has a head for each dataset", () => {
  assertEquals(headsOf({ parts: [part(0, 4, 10), part(4, 9, 3)] }), [10, 3]);
});

Deno.test("batchesOf() divides images into batches, the last of which is smaller", () => {
  assertEquals(batchesOf(5, 2), [Uint32Array.of(0, 1), Uint32Array.of(2, 3), Uint32Array.of(4)]);
  assertEquals(batchesOf(4, 2).length, 2);
  assertEquals(batchesOf(0, 2), []);
});
