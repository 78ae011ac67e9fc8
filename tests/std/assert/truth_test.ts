import { assert, assertExists, assertFalse, assertInstanceOf, fail, unreachable } from "@std/assert";
import { check } from "./_outcome.ts";

Deno.test("assert() and assertFalse() test truthiness", () => {
  check([() => assert(1), () => assertFalse("")], [() => assert(0), () => assert(null), () => assertFalse("a")]);
});

Deno.test("assertExists() and assertInstanceOf() test presence and class", () => {
  check(
    [() => assertExists(0), () => assertInstanceOf([], Array)],
    [() => assertExists(null), () => assertExists(undefined), () => assertInstanceOf({}, Array)],
  );
});

Deno.test("fail() and unreachable() always fail", () => check([], [() => fail(), () => unreachable()]));
