import { assertAlmostEquals, assertEquals, assertThrows } from "@std/assert";
import { withEngine } from "./_tiny.ts";

const OPTIONS = { learningRate: 0.1, beta1: 0.5, beta2: 0.999, epsilon: 1e-8, weightDecay: 0 };

Deno.test("AdamState.step() moves by the learning rate at first, against the gradient", () =>
  withEngine((engine) => {
    const adam = engine.adam(3, OPTIONS);
    const next = adam.step(new Float32Array([1, 1, 1]), new Float32Array([4, -0.01, 0]));
    // Bias correction makes the first step gradient / (|gradient| + epsilon).
    for (const [i, expected] of [0.9, 1.1, 1].entries()) assertAlmostEquals(next[i]!, expected, 1e-6);
    assertEquals(adam.moments().steps, 1);
  }));

Deno.test("AdamState.step() follows the formula for a second step with decay", () =>
  withEngine((engine) => {
    const adam = engine.adam(1, { ...OPTIONS, weightDecay: 0.5 });
    let value = 2, first = 0, second = 0;
    let values = new Float32Array([value]);
    for (const [i, gradient] of [0.3, -1.7].entries()) {
      const decayed = gradient + 0.5 * value;
      first = 0.5 * first + 0.5 * decayed;
      second = 0.999 * second + 0.001 * decayed ** 2;
      const root = Math.sqrt(second / (1 - 0.999 ** (i + 1)));
      value -= 0.1 * first / (1 - 0.5 ** (i + 1)) / (root + 1e-8);
      values = adam.step(values, new Float32Array([gradient])) as typeof values;
      // Float32 against float64: a few roundings of numbers near 2; 1 - 0.999 loses three digits of the second moment.
      assertAlmostEquals(values[0]!, value, 1e-4);
    }
  }));

Deno.test("AdamState.restore() goes on exactly where the moments were saved", () =>
  withEngine((engine) => {
    const gradient = new Float32Array([0.2, -3]);
    const adam = engine.adam(2, OPTIONS);
    const values = adam.step(new Float32Array([1, 2]), gradient);
    const saved = adam.moments();
    const expected = adam.step(values, gradient);
    const other = engine.adam(2, OPTIONS);
    other.restore(saved);
    assertEquals(other.step(values, gradient), expected);
  }));

Deno.test("AdamState refuses lengths that differ", () =>
  withEngine((engine) => {
    const adam = engine.adam(2, OPTIONS);
    assertThrows(() => adam.restore(engine.adam(3, OPTIONS).moments()), RangeError, "found 3 moments, expected 2");
    assertThrows(() => adam.step(new Float32Array(2), new Float32Array(3)), Error);
  }));
