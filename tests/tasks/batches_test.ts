import { assert, assertEquals, assertNotEquals, assertThrows } from "@std/assert";
import { Engine } from "../../src/engine/mod.ts";
import { BatchOrder, batchSource, splitForSearch } from "../../src/tasks/mod.ts";
import { tinyTask } from "../network/_tiny_task.ts";

const engine = await Engine.start({ build: "strict", threads: 1 });

Deno.test("splitForSearch() shares all images out, rounding the weights' part down", () => {
  const { weights, alpha } = splitForSearch(engine, 11, { seed: 3 });
  assertEquals([weights.length, alpha.length], [5, 6]);
  assertEquals([...weights, ...alpha].sort((a, b) => a - b), Array.from({ length: 11 }, (_, i) => i));
  assertEquals(splitForSearch(engine, 11, { seed: 3 }), { weights, alpha });
  assertNotEquals(splitForSearch(engine, 11, { seed: 4 }).weights, weights);
  assertEquals(splitForSearch(engine, 10, { seed: 3, portion: 0.8 }).weights.length, 8);
});

Deno.test("splitForSearch() refuses parts of fewer than two images", () => {
  assertThrows(() => splitForSearch(engine, 3, { seed: 0 }), RangeError, "3 at portion 0.5 give 1 and 2");
  assertThrows(() => splitForSearch(engine, 9, { seed: 0, portion: 1 }), RangeError, "give 9 and 0");
  assertThrows(() => splitForSearch(engine, 9, { seed: 0, portion: NaN }), RangeError, "expected at least 2 each");
});

Deno.test("BatchOrder goes through all images once an epoch, in another order each time", () => {
  const indices = Uint32Array.from({ length: 10 }, (_, i) => 100 + i);
  const order = new BatchOrder(engine, indices, { batch: 4, seed: 1 });
  assertEquals(order.batches, 3);
  const epoch = (number: number) => [0, 1, 2].flatMap((step) => [...order.at(number, step)]);
  const first = epoch(0);
  assertEquals(first.toSorted((a, b) => a - b), [...indices]);
  assertNotEquals(epoch(1), first);
  assertEquals(epoch(0), first, "whatever was asked for in between");
  assertEquals(order.at(0, 2).length, 2);
});

Deno.test("BatchOrder keeps a smaller last batch, but not a single image", () => {
  const batches = (count: number) => new BatchOrder(engine, new Uint32Array(count), { batch: 4, seed: 1 }).batches;
  assertEquals([2, 3, 4, 5, 6, 7, 8, 9].map(batches), [1, 1, 1, 1, 2, 2, 2, 2]);
});

Deno.test("BatchOrder refuses a batch or a set that is too small", () => {
  assertThrows(() => new BatchOrder(engine, new Uint32Array(9), { batch: 1, seed: 1 }), RangeError, "batch is 1");
  assertThrows(() => new BatchOrder(engine, new Uint32Array(9), { batch: 2.5, seed: 1 }), RangeError, "batch is 2.5");
  assertThrows(() => new BatchOrder(engine, new Uint32Array(1), { batch: 4, seed: 1 }), RangeError, "found 1 images");
});

Deno.test("batchSource() aligns labels with indices and leaves augmentation out if there is none", () => {
  const task = tinyTask(engine);
  const source = batchSource(task, Uint32Array.of(5, 0, 4), { seed: 1, epoch: 2 });
  assertEquals(source.labels, Uint32Array.of(2, 0, 1));
  assert(!("augment" in source));
  const augment = { cropPadding: 1, flip: false, cutout: 2 };
  assertEquals(batchSource(task, Uint32Array.of(1), { augment, seed: 1, epoch: 2 }).augment, augment);
});
