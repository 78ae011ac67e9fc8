import { assert, assertEquals, assertNotEquals, assertThrows } from "@std/assert";
import { Engine } from "../../src/engine/mod.ts";
import { BatchOrder, DatasetSampler, everyImage, sampleDatasets, shareImages } from "../../src/batches/mod.ts";

const engine = await Engine.start({ build: "strict", threads: 1 });

Deno.test("shareImages() shares equally or by size, to the last image", () => {
  assertEquals(shareImages([10, 100, 1000], { sampling: "balanced" }), [370, 370, 370]);
  assertEquals(shareImages([10, 100, 1000], { sampling: "proportional" }), [10, 100, 1000]);
  assertEquals(shareImages([5, 5, 5], { sampling: "balanced", total: 11 }), [4, 4, 3]);
  assertEquals(shareImages([10, 20, 70], { sampling: "proportional", total: 11 }), [1, 2, 8]);
});

Deno.test("shareImages() refuses to leave a dataset out", () => {
  const options = { sampling: "proportional", total: 10 } as const;
  assertThrows(() => shareImages([1, 1000], options), RangeError, "number 1 has none");
  assertThrows(() => shareImages([9, 9, 9], { sampling: "balanced", total: 2 }), RangeError, "number 3 has none");
});

const SMALL = Uint32Array.of(7, 8, 9);
const LARGE = Uint32Array.from({ length: 50 }, (_, i) => 100 + i);
const sampler = (seed = 1) => new DatasetSampler(engine, [SMALL, LARGE], { shares: [20, 20], seed });

Deno.test("DatasetSampler draws as many images of each dataset, whatever its size", () => {
  for (const epoch of [0, 1, 5]) {
    const drawn = sampler().at(epoch);
    assertEquals([drawn.length, sampler().count], [40, 40]);
    assertEquals(drawn.filter((index) => index < 100).length, 20);
    assertEquals(new Set(drawn.filter((index) => index >= 100)).size >= 10, true);
  }
});

Deno.test("DatasetSampler goes through each dataset again and again, no image more often than others", () => {
  const times = new Map<number, number>();
  for (let epoch = 0; epoch < 10; epoch++) {
    for (const index of sampler().at(epoch)) times.set(index, (times.get(index) ?? 0) + 1);
  }
  // 200 draws of 3 images, 200 of 50.
  assertEquals([...SMALL].map((index) => times.get(index)!).sort(), [66, 67, 67]);
  assert(LARGE.every((index) => times.get(index) === 4));
});

Deno.test("DatasetSampler is a function of seed and epoch", () => {
  const kept = sampler();
  const third = kept.at(3);
  kept.at(0);
  assertEquals(kept.at(3), third);
  assertEquals(sampler().at(3), third);
  assertNotEquals(sampler().at(4), third);
  assertNotEquals(sampler(2).at(3), third);
});

Deno.test("DatasetSampler refuses a dataset without images", () => {
  const datasets = [SMALL, new Uint32Array()];
  assertThrows(
    () => new DatasetSampler(engine, datasets, { shares: [1, 1], seed: 0 }),
    RangeError,
    "dataset 2 has none",
  );
});

Deno.test("BatchOrder mixes what a sampler draws", () => {
  const order = new BatchOrder(engine, sampler(), { batch: 8, seed: 4 });
  assertEquals(order.batches, 5);
  const drawn = Array.from({ length: 5 }, (_, step) => [...order.at(2, step)]);
  assertEquals(drawn.flat().sort(), [...sampler().at(2)].sort());
  assert(drawn.every((batch) => batch.some((index) => index < 100) && batch.some((index) => index >= 100)));
});

Deno.test("everyImage() has each image once an epoch", () => {
  assertEquals([everyImage(SMALL).count, everyImage(SMALL).at(4)], [3, SMALL]);
});

Deno.test("sampleDatasets() has every image where nothing is shared, and shares epochs as it is told", () => {
  const whole = sampleDatasets(engine, [SMALL, LARGE], { shares: undefined, seed: 1 });
  assertEquals([whole.count, ...whole.at(9)], [53, ...SMALL, ...LARGE]);
  const shares = { sampling: "balanced", imagesPerEpoch: 40 } as const;
  assertEquals(sampleDatasets(engine, [SMALL, LARGE], { shares, seed: 1 }).at(2), sampler().at(2));
});
