import { assertAlmostEquals, assertGreater, assertGreaterOrEqual, assertLess, assertLessOrEqual } from "@std/assert";
import { check } from "./_outcome.ts";

Deno.test("assertAlmostEquals() allows the tolerance, by default 1e-7 of the expected value", () => {
  check(
    [
      () => assertAlmostEquals(1, 1.4, 0.5),
      () => assertAlmostEquals(1e9, 1e9 + 50),
      () => assertAlmostEquals(1e-8, 0),
      () => assertAlmostEquals(NaN, NaN),
      () => assertAlmostEquals(Infinity, Infinity),
    ],
    [
      () => assertAlmostEquals(1, 1.6, 0.5),
      () => assertAlmostEquals(1e-9, 2e-9),
      () => assertAlmostEquals(1, NaN, 10),
      () => assertAlmostEquals(NaN, 1, 10),
      () => assertAlmostEquals(Infinity, -Infinity, 1),
    ],
  );
});

Deno.test("assertGreater(), assertGreaterOrEqual(), assertLess(), assertLessOrEqual() compare", () => {
  check(
    [
      () => assertGreater(2, 1),
      () => assertGreaterOrEqual(1, 1),
      () => assertLess(1, 2),
      () => assertLessOrEqual(1, 1),
    ],
    [
      () => assertGreater(1, 1),
      () => assertGreaterOrEqual(0, 1),
      () => assertLess(1, 1),
      () => assertLessOrEqual(2, 1),
      () => assertLess(NaN, 1),
    ],
  );
});
