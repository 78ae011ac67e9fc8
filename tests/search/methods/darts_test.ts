import { assert, assertAlmostEquals, assertEquals } from "@std/assert";
import { makeDartsSpace } from "../../../src/spaces/darts/space.ts";
import { createDarts } from "../../../src/search/mod.ts";

const CONTEXT = { purpose: "weights", seed: 0, epoch: 0, step: 0 } as const;

Deno.test("createDarts() has the alpha of the reference and mixes rows that add up to one", () => {
  const method = createDarts(makeDartsSpace());
  assertEquals(method.parameters.map(({ name, shape }) => [name, ...shape]), [
    ["alphas_normal", 14, 8],
    ["alphas_reduce", 14, 8],
  ]);
  const { weights } = method.mix(Float32Array.from({ length: 224 }, (_, i) => i % 5), CONTEXT);
  for (let row = 0; row < 28; row++) {
    assertAlmostEquals(weights.subarray(8 * row, 8 * row + 8).reduce((sum, w) => sum + w, 0), 1, 1e-6);
  }
});

Deno.test("createDarts() pulls a gradient back linearly", () => {
  const method = createDarts(makeDartsSpace({ nodes: 1 }));
  const draw = method.mix(Float32Array.from({ length: 32 }, (_, i) => Math.sin(i)), CONTEXT);
  const dy = Float32Array.from({ length: 32 }, (_, i) => Math.cos(i));
  const [once, twice] = [draw.gradient(dy), draw.gradient(dy.map((value) => 2 * value))];
  once.forEach((value, i) => assertAlmostEquals(twice[i]!, 2 * value, 1e-6));
  assert(once.some((value) => value !== 0));
});
