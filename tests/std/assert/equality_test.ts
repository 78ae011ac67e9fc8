import {
  assertEquals,
  assertNotEquals,
  assertNotStrictEquals,
  assertObjectMatch,
  assertStrictEquals,
  assertStringIncludes,
} from "@std/assert";
import { check, failure } from "./_outcome.ts";

Deno.test("assertEquals() and assertNotEquals() compare deeply", () => {
  check(
    [() => assertEquals({ a: [1] }, { a: [1] }), () => assertNotEquals([1], [2])],
    [() => assertEquals([1], [2]), () => assertNotEquals({ a: [1] }, { a: [1] })],
  );
});

Deno.test("assertEquals() names both values and the message when it fails", () => {
  const message = failure(() => assertEquals(1, 2, "count")) ?? "";
  for (const part of ["count", "actual:   1", "expected: 2"]) assertStringIncludes(message, part);
});

Deno.test("assertStrictEquals() and assertNotStrictEquals() compare by Object.is", () => {
  const value = {};
  check(
    [
      () => assertStrictEquals(value, value),
      () => assertStrictEquals(NaN, NaN),
      () => assertNotStrictEquals(value, {}),
    ],
    [() => assertStrictEquals<unknown>(value, {}), () => assertStrictEquals(0, -0), () => assertNotStrictEquals(1, 1)],
  );
});

Deno.test("assertObjectMatch() ignores further properties", () => {
  const actual = { a: 1, b: { c: [1, 2], d: 3 } };
  check(
    [() => assertObjectMatch(actual, { b: { c: [1, 2] } }), () => assertObjectMatch(actual, {})],
    [
      () => assertObjectMatch(actual, { b: { c: [1] } }),
      () => assertObjectMatch(actual, { e: 1 }),
      () => assertObjectMatch(actual, { e: undefined }),
    ],
  );
});
