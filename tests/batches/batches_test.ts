import { assert, assertEquals, assertNotEquals, assertThrows } from "@std/assert";
import { Engine } from "../../src/engine/mod.ts";
import { BatchOrder, batchSource, everyImage } from "../../src/batches/mod.ts";
import { tinyTask } from "../network/_tiny_task.ts";

const engine = await Engine.start({ build: "strict", threads: 1 });
const blank = (count: number) => everyImage(new Uint32Array(count));

Deno.test("BatchOrder goes through all images once an epoch, in another order each time", () => {
  const indices = Uint32Array.from({ length: 10 }, (_, i) => 100 + i);
  const order = new BatchOrder(engine, everyImage(indices), { batch: 4, seed: 1 });
  assertEquals(order.batches, 3);
  const epoch = (number: number) => [0, 1, 2].flatMap((step) => [...order.at(number, step)]);
  const first = epoch(0);
  assertEquals(first.toSorted((a, b) => a - b), [...indices]);
  assertNotEquals(epoch(1), first);
  assertEquals(epoch(0), first, "whatever was asked for in between");
  assertEquals(order.at(0, 2).length, 2);
});

Deno.test("BatchOrder keeps a smaller last batch, but not a single image", () => {
  const batches = (count: number) => new BatchOrder(engine, blank(count), { batch: 4, seed: 1 }).batches;
  assertEquals([2, 3, 4, 5, 6, 7, 8, 9].map(batches), [1, 1, 1, 1, 2, 2, 2, 2]);
});

Deno.test("BatchOrder of shares: each batch of an epoch is in one share, and those left over are in none", () => {
  const images = everyImage(Uint32Array.from({ length: 29 }, (_, i) => i));
  const whole = new BatchOrder(engine, images, { batch: 4, seed: 1 });
  const shares = [0, 1, 2].map((index) =>
    new BatchOrder(engine, images, { batch: 4, seed: 1, shard: { index, of: 3 } })
  );
  assertEquals([whole.batches, ...shares.map(({ batches }) => batches)], [7, 2, 2, 2]);
  for (const epoch of [0, 1]) {
    for (let place = 0; place < 6; place++) {
      assertEquals(shares[place % 3]!.at(epoch, Math.floor(place / 3)), whole.at(epoch, place));
    }
  }
  const shard = { index: 0, of: 8 };
  assertThrows(
    () => new BatchOrder(engine, images, { batch: 4, seed: 1, shard }),
    RangeError,
    "Cannot share 7 batches of 4 among 8 workers",
  );
});

Deno.test("BatchOrder refuses a batch or a set that is too small", () => {
  assertThrows(() => new BatchOrder(engine, blank(9), { batch: 1, seed: 1 }), RangeError, "batch is 1");
  assertThrows(() => new BatchOrder(engine, blank(9), { batch: 2.5, seed: 1 }), RangeError, "batch is 2.5");
  assertThrows(() => new BatchOrder(engine, blank(1), { batch: 4, seed: 1 }), RangeError, "found 1 images");
});

Deno.test("batchSource() aligns labels with indices and leaves augmentation out if there is none", () => {
  const task = tinyTask(engine);
  const source = batchSource(task, Uint32Array.of(5, 0, 4), { seed: 1, epoch: 2 });
  assertEquals(source.labels, Uint32Array.of(2, 0, 1));
  assert(!("augment" in source));
  const augment = { cropPadding: 1, flip: false, cutout: 2 };
  assertEquals(batchSource(task, Uint32Array.of(1), { augment, seed: 1, epoch: 2 }).augment, augment);
});

Deno.test("batchSource() lays a variation over what each dataset allows", () => {
  const task = tinyTask(engine);
  const [part] = task.parts;
  const own = { cropPadding: 2, flip: true, cutout: 4 };
  const others = { ...part!, first: 24, firstClass: 3, mean: [0.5], std: [0.25], augment: own };
  const data = { ...task, parts: [{ ...part!, labels: part!.labels.subarray(0, 24) }, others] };
  const source = batchSource(data, Uint32Array.of(23, 24, 2, 26), { augment: { cutout: 1 }, seed: 1, epoch: 2 });
  assertEquals(source.parts!.of, Uint32Array.of(0, 1, 0, 1));
  // Labels count on from dataset to dataset.
  assertEquals(source.labels, Uint32Array.of(2, 3, 2, 5));
  assertEquals(source.parts!.preparations, [
    { mean: task.mean, std: task.std, augment: { cropPadding: 0, flip: false, cutout: 1 } },
    { mean: [0.5], std: [0.25], augment: { ...own, cutout: 1 } },
  ]);
  const still = batchSource(data, Uint32Array.of(24), { seed: 1, epoch: 2 });
  assert(still.parts!.preparations.every((preparation) => !("augment" in preparation)));
});
