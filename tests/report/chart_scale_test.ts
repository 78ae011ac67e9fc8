import { assert, assertAlmostEquals, assertEquals } from "@std/assert";
import { formatSize, lossScale, robustLimits, shareScale, sizeTicks, timeUnit } from "../../src/report/chart_scale.ts";

const RANGE = [300, 20] as const;

Deno.test("robustLimits() cuts off what would leave the others less than half of the axis, and nothing else", () => {
  assertEquals(robustLimits([1, 2, 3, 4, 100]), [1, 4]);
  assertEquals(robustLimits([-100, 1, 2, 3, 4]), [1, 4]);
  assertEquals(robustLimits([1, 2, 3, 4, 5]), [1, 5]);
  assertEquals(robustLimits([3, 2, 1.5, 1.2, 1, 0.9]), [0.9, 3]);
  // Of few values none is an outlier.
  assertEquals(robustLimits([1, 1000]), [1, 1000]);
  assertEquals(robustLimits([7]), [7, 7]);
  assertEquals(robustLimits([7, 7, 7, 8]), [7, 8]);
});

Deno.test("shareScale() stays within 0 and 100 %", () => {
  const { domain, place } = shareScale([0.42, 1], RANGE);
  assert(domain[0] <= 0.42 && domain[0] > 0.3);
  assertEquals([domain[1], place(1)], [1, 20]);
  assertEquals(shareScale([0, 0], RANGE).domain[0], 0);
});

Deno.test("lossScale() is logarithmic over wide ranges, with ticks of 1, 2 and 5", () => {
  const { isLogarithmic, ticks, domain, place } = lossScale([0.05, 0.3, 1, 15.2], RANGE);
  assert(isLogarithmic);
  assertEquals([domain[0], domain[1]], [0.05, 20]);
  assertEquals(ticks.map((tick) => Number(tick.toPrecision(3))), [0.05, 0.1, 0.2, 0.5, 1, 2, 5, 10, 20]);
  assertAlmostEquals(place(0.1) - place(1), place(1) - place(10), 1e-9);
  // Of many decades only the powers of ten are left.
  assertEquals(lossScale([1e-4, 1e-3, 1e-1, 10], RANGE).ticks.length, 6);
});

Deno.test("lossScale() is linear where values hardly differ, and places zero below its end", () => {
  assertEquals(lossScale([2.2, 2.3], RANGE).isLogarithmic, false);
  assertEquals(lossScale([0, 0], RANGE).isLogarithmic, false);
  const scale = lossScale([0, 0.01, 0.1, 1], RANGE);
  assert(scale.isLogarithmic && Number.isFinite(scale.place(0)) && scale.place(0) > scale.place(0.01));
});

Deno.test("timeUnit() grows with the axis", () => {
  assertEquals([30, 900, 90_000].map((seconds) => timeUnit(seconds).name), ["seconds", "minutes", "hours"]);
});

Deno.test("sizeTicks() are round sizes within the ends, as many as there is room for", () => {
  assertEquals(sizeTicks([28_146, 50_658], 7), [30_000, 40_000, 50_000]);
  assertEquals(sizeTicks([900, 110_000], 6), [1000, 3000, 10_000, 30_000, 100_000]);
  assertEquals(sizeTicks([900, 30_000], 6), [1000, 2000, 5000, 10_000, 20_000]);
  for (const ends of [[0.31, 0.36], [7, 7.5], [1e6, 1.1e6]] as const) {
    const ticks = sizeTicks(ends, 6);
    assert(ticks.length >= 2 && ticks.every((tick) => tick >= ends[0] && tick <= ends[1]), `${ends}: ${ticks}`);
  }
});

Deno.test("formatSize() is what a user would type", () => {
  assertEquals([0.31, 950, 1000, 23_460, 999_600, 1_234_567].map(formatSize), [
    "0.31",
    "950",
    "1k",
    "23.5k",
    "1M",
    "1.23M",
  ]);
});
