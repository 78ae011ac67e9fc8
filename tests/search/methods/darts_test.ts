import { assert, assertAlmostEquals, assertEquals } from "@std/assert";
import { makeSpace } from "../../../src/spaces/mod.ts";
import { createDarts, softmaxRows, softmaxRowsBackward } from "../../../src/search/mod.ts";

const CONTEXT = { purpose: "weights", seed: 0, epoch: 0, step: 0 } as const;

Deno.test("softmaxRows() of a row worked by hand", () => {
  const y = softmaxRows(new Float32Array([0, Math.log(3), 5, 5]), 2);
  [0.25, 0.75, 0.5, 0.5].forEach((value, i) => assertAlmostEquals(y[i]!, value, 1e-7));
});

Deno.test("softmaxRows() stands large numbers", () => {
  assertEquals([...softmaxRows(new Float32Array([1e30, 0, -1e30]), 3)], [1, 0, 0]);
});

Deno.test("softmaxRowsBackward() agrees with central differences", () => {
  const x = Float32Array.from({ length: 16 }, (_, i) => Math.sin(3 * i));
  const dy = Float32Array.from({ length: 16 }, (_, i) => Math.cos(5 * i));
  const dx = softmaxRowsBackward(softmaxRows(x, 8), dy, 8);
  const step = 2 ** -7;
  for (let i = 0; i < x.length; i++) {
    const [above, below] = [step, -step].map((h) => {
      const y = softmaxRows(x.map((value, k) => k === i ? value + h : value), 8);
      return y.reduce((sum, value, k) => sum + value * dy[k]!, 0);
    });
    // Truncation h²/6 · |f'''| with |f'''| below 1, and rounding of y divided by the step.
    assertAlmostEquals(dx[i]!, (above! - below!) / (2 * step), 2 ** -14 / 6 + 8 * 2 ** -24 / step);
  }
});

Deno.test("createDarts() has the alpha of the reference and mixes rows that add up to one", () => {
  const method = createDarts(makeSpace());
  assertEquals(method.alphaTensors.map(({ name, shape }) => [name, ...shape]), [
    ["alphas_normal", 14, 8],
    ["alphas_reduce", 14, 8],
  ]);
  const { weights } = method.mix(Float32Array.from({ length: 224 }, (_, i) => i % 5), CONTEXT);
  for (let row = 0; row < 28; row++) {
    assertAlmostEquals(weights.subarray(8 * row, 8 * row + 8).reduce((sum, w) => sum + w, 0), 1, 1e-6);
  }
});

Deno.test("createDarts() pulls a gradient back linearly", () => {
  const method = createDarts(makeSpace({ nodes: 1 }));
  const draw = method.mix(Float32Array.from({ length: 32 }, (_, i) => Math.sin(i)), CONTEXT);
  const dy = Float32Array.from({ length: 32 }, (_, i) => Math.cos(i));
  const [once, twice] = [draw.gradient(dy), draw.gradient(dy.map((value) => 2 * value))];
  once.forEach((value, i) => assertAlmostEquals(twice[i]!, 2 * value, 1e-6));
  assert(once.some((value) => value !== 0));
});
