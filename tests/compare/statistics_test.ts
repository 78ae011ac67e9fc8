import { assertAlmostEquals, assertEquals } from "@std/assert";
import { geometricMean, signFlipTest, spearman, spreadOf } from "../../src/compare/statistics.ts";

// Darwin's fifteen pairs of maize, cross- and self-fertilised: differences of height in eighths of an inch.
const DARWIN = [49, -67, 8, 16, 6, 23, 28, 41, 14, 29, 56, 24, 75, 60, -48];

Deno.test("spreadOf() gives mean and standard error, and neither where there is none", () => {
  const { count, mean, standardError } = spreadOf([2, 4, 4, 4, 5, 5, 7, 9]);
  assertEquals([count, mean], [8, 5]);
  assertAlmostEquals(standardError!, Math.sqrt(32 / 7 / 8), 1e-15);
  assertEquals(spreadOf([3]), { count: 1, mean: 3, standardError: null });
  assertEquals(spreadOf([]), { count: 0, mean: null, standardError: null });
});

Deno.test("geometricMean() of 2 and 8 is 4", () => {
  assertAlmostEquals(geometricMean([2, 8])!, 4, 1e-12);
  assertEquals(geometricMean([]), null);
});

Deno.test("signFlipTest() gives what Fisher counted for Darwin's maize", () => {
  // The Design of Experiments, section 21: 863 of 2^15 sums reach 314 on one side.
  assertEquals(signFlipTest(DARWIN), 2 * 863 / 2 ** 15);
});

Deno.test("signFlipTest() of differences of one sign is the least there is, whatever their order and scale", () => {
  assertEquals(signFlipTest([1, 2, 3, 4, 5, 6]), 2 / 64);
  assertEquals(signFlipTest([-0.3, -0.1, -0.2].map((value) => value / 7)), 2 / 8);
  assertEquals(signFlipTest([0, 0, 0]), 1);
  assertEquals(signFlipTest([0.02]), 1);
  assertEquals(signFlipTest([]), null);
});

Deno.test("signFlipTest() of many pairs draws signs, the same each time", () => {
  const many = [...DARWIN, ...DARWIN];
  const p = signFlipTest(many)!;
  // Twice the pairs: z grows by the root of two, from 1.94 to 2.75 of the permutation's own deviation.
  assertAlmostEquals(p, 0.0054, 0.0008);
  assertEquals(signFlipTest(many), p);
});

Deno.test("spearman() correlates ranks, ties sharing theirs", () => {
  // Values of scipy.stats.spearmanr.
  assertAlmostEquals(spearman([[1, 5], [2, 6], [3, 7], [4, 8], [5, 7]])!, 0.8207826816681233, 1e-12);
  assertAlmostEquals(spearman([[1, 1], [2, 4], [2, 9], [3, 16]])!, 0.9486832980505138, 1e-12);
  assertAlmostEquals(spearman([[1, 100], [10, 10], [100, 1]])!, -1, 1e-12);
  assertEquals([spearman([]), spearman([[1, 2]]), spearman([[1, 2], [1, 3]])], [null, null, null]);
});
