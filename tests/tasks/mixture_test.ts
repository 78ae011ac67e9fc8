import { assert, assertEquals } from "@std/assert";
import { Engine } from "../../src/engine/mod.ts";
import { splitMixture } from "../../src/tasks/mixture.ts";
import { splitForSearch } from "../../src/tasks/mod.ts";

const engine = await Engine.start({ build: "strict", threads: 1 });
const range = (start: number, end: number) => Uint32Array.from({ length: end - start }, (_, i) => start + i);
const MIXTURE = {
  names: ["a", "b"],
  heads: [2, 3],
  members: [range(0, 20), range(20, 120)],
  sampling: "balanced",
  validationImages: 15,
} as const;

Deno.test("splitMixture() keeps weights and alpha apart, dataset by dataset, as alone", () => {
  const { weights, alpha, validation } = splitMixture(engine, MIXTURE, { seed: 3, portion: 0.5 });
  const all = (sampler: typeof weights) => new Set([0, 1, 2, 3].flatMap((epoch) => [...sampler.at(epoch)]));
  const [forWeights, forAlpha] = [all(weights), all(alpha)];
  assertEquals([forWeights.size, forAlpha.size], [60, 60]);
  assert([...forWeights].every((index) => !forAlpha.has(index)));
  assertEquals(validation.map(({ length }) => length), [10, 15]);
  assert(validation.every((part) => part.every((index) => forAlpha.has(index))));
  assertEquals(validation[0], splitForSearch(engine, 20, { seed: 3 }).alpha);
});

Deno.test("splitMixture() shares epochs equally, by size, or of a given length", () => {
  const counts = (changes: object) => {
    const drawn = splitMixture(engine, { ...MIXTURE, ...changes }, { seed: 3, portion: 0.5 }).weights.at(0);
    return [drawn.filter((index) => index < 20).length, drawn.length];
  };
  assertEquals(counts({}), [30, 60]);
  assertEquals(counts({ sampling: "proportional" }), [10, 60]);
  assertEquals(counts({ imagesPerEpoch: 500 }), [250, 500]);
  assertEquals(counts({ sampling: "proportional", imagesPerEpoch: 12 }), [2, 12]);
});
