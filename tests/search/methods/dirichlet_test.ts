import { assert, assertAlmostEquals, assertEquals, assertLess } from "@std/assert";
import {
  betaPathwise,
  dirichletBackward,
  divergenceFromEven,
  sampleDirichlet,
} from "../../../src/search/methods/dirichlet.ts";
import { uniformNoise } from "../../../src/search/methods/noise.ts";
import { gradientError, MOMENT, waves } from "./_moments.ts";

Deno.test("sampleDirichlet() draws shares with the mean and the variance of the distribution", () => {
  const concentrations = [0.4, 1, 2.6];
  const uniform = uniformNoise(MOMENT);
  const draws = Array.from({ length: 4000 }, () => sampleDirichlet(concentrations, uniform));
  for (const draw of draws) assertAlmostEquals(draw.reduce((sum, share) => sum + share), 1, 1e-12);
  concentrations.forEach((concentration, i) => {
    const mean = draws.reduce((sum, draw) => sum + draw[i]!, 0) / draws.length;
    const variance = draws.reduce((sum, draw) => sum + (draw[i]! - mean) ** 2, 0) / draws.length;
    const wanted = concentration / 4;
    // Five standard errors of the mean.
    assertAlmostEquals(mean, wanted, 5 * Math.sqrt(wanted * (1 - wanted) / 5 / draws.length));
    assertAlmostEquals(variance, wanted * (1 - wanted) / 5, 0.006);
  });
});

Deno.test("sampleDirichlet() stands concentrations of which nothing is left", () => {
  const shares = sampleDirichlet([1e-6, 1e-6, 1e-6], uniformNoise(MOMENT));
  assert(shares.every((share) => share > 0 && Number.isFinite(Math.log(share))));
});

/** Distribution of Beta(a, b) by Simpson's rule: a further way than the series. */
function distribution(x: number, a: number, b: number): number {
  const density = (t: number) => t ** (a - 1) * (1 - t) ** (b - 1);
  const integrate = (to: number) => {
    const parts = 4000;
    const width = to / parts;
    let sum = density(0) + density(to);
    for (let i = 1; i < parts; i++) sum += (i % 2 === 1 ? 4 : 2) * density(i * width);
    return sum * width / 3;
  };
  return integrate(x) / integrate(1);
}

Deno.test("betaPathwise() moves a draw so that its place in the distribution stays", () => {
  for (const [a, b] of [[4, 4], [3, 9], [5.5, 4]] as const) {
    for (const x of [0.2, 0.49, 0.51, 0.8]) {
      const step = 1e-3;
      const slope = (distribution(x, a + step, b) - distribution(x, a - step, b)) / (2 * step);
      const density = (distribution(x + step, a, b) - distribution(x - step, a, b)) / (2 * step);
      assertAlmostEquals(betaPathwise(x, a, b), -slope / density, 1e-3 * Math.abs(slope / density));
    }
  }
});

Deno.test("betaPathwise() is that of a power where the distribution is one", () => {
  // F = x^a for b = 1, so that dx/da = −x · ln x / a; the two series meet at one half.
  for (const x of [1e-6, 0.3, 0.5, 0.500001, 0.9, 0.9999]) {
    assertAlmostEquals(betaPathwise(x, 0.7, 1), -x * Math.log(x) / 0.7, 1e-9);
  }
});

Deno.test("dirichletBackward() is linear, blind to a constant, and nothing for one share alone", () => {
  const [shares, concentrations] = [[0.2, 0.5, 0.3], [0.8, 2, 1.1]];
  const once = dirichletBackward(shares, concentrations, [1, -2, 0.5]);
  dirichletBackward(shares, concentrations, [2, -4, 1]).forEach((slope, i) => {
    assertAlmostEquals(slope, 2 * once[i]!, 1e-12);
  });
  for (const slope of dirichletBackward(shares, concentrations, [3, 3, 3])) assertAlmostEquals(slope, 0, 1e-12);
  assertEquals(dirichletBackward([1], [2], [5]), [0]);
});

Deno.test("divergenceFromEven() is 0 for the even distribution, and its gradient that of finite differences", () => {
  assertAlmostEquals(divergenceFromEven([1, 1, 1, 1]).loss, 0, 1e-10);
  const concentrations = waves(5).map((value) => 1.5 + value);
  const { gradient } = divergenceFromEven([...concentrations]);
  assertLess(gradientError((x) => divergenceFromEven([...x]).loss, concentrations, gradient, 2 ** -9), 2e-3);
});
