import { assertAlmostEquals } from "@std/assert";
import { digamma, logGamma, trigamma } from "../../../src/search/methods/special_functions.ts";

Deno.test("logGamma(), digamma() and trigamma() have the values that are known in closed form", () => {
  const euler = 0.5772156649015329;
  assertAlmostEquals(logGamma(0.5), Math.log(Math.PI) / 2, 1e-11);
  assertAlmostEquals(logGamma(11), Math.log(3_628_800), 1e-10);
  assertAlmostEquals(digamma(1), -euler, 1e-11);
  assertAlmostEquals(digamma(0.5), -euler - 2 * Math.log(2), 1e-11);
  assertAlmostEquals(trigamma(1), Math.PI ** 2 / 6, 1e-11);
  assertAlmostEquals(trigamma(0.5), Math.PI ** 2 / 2, 1e-11);
});

Deno.test("digamma() and trigamma() are the slopes of what they derive, on both sides of their bound", () => {
  const step = 1e-4;
  for (const x of [0.1, 1.7, 11.9, 12.1, 40]) {
    assertAlmostEquals(digamma(x), (logGamma(x + step) - logGamma(x - step)) / (2 * step), 1e-4);
    assertAlmostEquals(trigamma(x), (digamma(x + step) - digamma(x - step)) / (2 * step), 1e-2 * trigamma(x));
  }
});
