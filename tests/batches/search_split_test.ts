import { assert, assertEquals, assertNotEquals, assertThrows } from "@std/assert";
import { Engine } from "../../src/engine/mod.ts";
import { type Shares, splitForSearch, splitTask } from "../../src/batches/mod.ts";

const engine = await Engine.start({ build: "strict", threads: 1 });
Deno.test("splitForSearch() shares all images out, rounding the weights' part down", () => {
  const { weights, alpha } = splitForSearch(engine, 11, { seed: 3 });
  assertEquals([weights.length, alpha.length], [5, 6]);
  assertEquals([...weights, ...alpha].sort((a, b) => a - b), Array.from({ length: 11 }, (_, i) => i));
  assertEquals(splitForSearch(engine, 11, { seed: 3 }), { weights, alpha });
  assertNotEquals(splitForSearch(engine, 11, { seed: 4 }).weights, weights);
  assertEquals(splitForSearch(engine, 10, { seed: 3, trainPortion: 0.8 }).weights.length, 8);
});

Deno.test("splitForSearch() refuses parts of fewer than two images", () => {
  assertThrows(() => splitForSearch(engine, 3, { seed: 0 }), RangeError, "3 at portion 0.5 give 1 and 2");
  assertThrows(() => splitForSearch(engine, 9, { seed: 0, trainPortion: 1 }), RangeError, "give 9 and 0");
  assertThrows(() => splitForSearch(engine, 9, { seed: 0, trainPortion: NaN }), RangeError, "expected at least 2 each");
});

/** Two datasets of 20 and of 100 images. */
const part = (first: number, count: number) => ({
  first,
  labels: new Uint8Array(count),
  classes: 1,
  firstClass: 0,
  mean: [0],
  std: [1],
});
const PARTS = [part(0, 20), part(20, 100)];
const SHARES: Shares = { sampling: "balanced", validationImages: 15 };
const split = (shares?: Shares, parts = PARTS) => splitTask(engine, { train: { parts }, shares }, { seed: 3 });

Deno.test("splitTask() of one dataset goes through each part once an epoch, in the order of its split", () => {
  const { weights, alpha, validation } = split(undefined, PARTS.slice(0, 1));
  const alone = splitForSearch(engine, 20, { seed: 3 });
  assertEquals([weights.count, weights.at(0), weights.at(7)], [10, alone.weights, alone.weights]);
  assertEquals([alpha.count, alpha.at(0)], [10, alone.alpha]);
  assertEquals(validation, [alone.alpha]);
});

Deno.test("splitTask() keeps weights and alpha apart, dataset by dataset, as alone", () => {
  const { weights, alpha, validation } = split(SHARES);
  const all = (sampler: typeof weights) => new Set([0, 1, 2, 3].flatMap((epoch) => [...sampler.at(epoch)]));
  const [forWeights, forAlpha] = [all(weights), all(alpha)];
  assertEquals([forWeights.size, forAlpha.size], [60, 60]);
  assert([...forWeights].every((index) => !forAlpha.has(index)));
  assertEquals(validation.map(({ length }) => length), [10, 15]);
  assert(validation.every((part) => part.every((index) => forAlpha.has(index))));
  assertEquals(validation[0], splitForSearch(engine, 20, { seed: 3 }).alpha);
});

Deno.test("splitTask() shares epochs equally, by size, or of a given length", () => {
  const counts = (changes: Partial<Shares>) => {
    const drawn = split({ ...SHARES, ...changes }).weights.at(0);
    return [drawn.filter((index) => index < 20).length, drawn.length];
  };
  assertEquals(counts({}), [30, 60]);
  assertEquals(counts({ sampling: "proportional" }), [10, 60]);
  assertEquals(counts({ imagesPerEpoch: 500 }), [250, 500]);
  assertEquals(counts({ sampling: "proportional", imagesPerEpoch: 12 }), [2, 12]);
});
