import { assert, assertStrictEquals } from "@std/assert";
import { show, withMessage } from "../../../src/std/assert/_message.ts";

Deno.test("show() cuts long arrays", () => {
  assertStrictEquals(show([1, "a"]), '[ 1, "a" ]');
  assert(show(new Float32Array(1_000_000)).length < 1000);
});

Deno.test("withMessage() adds the caller's words", () => {
  assertStrictEquals(withMessage("a", undefined), "a");
  assertStrictEquals(withMessage("a", "b"), "a: b");
});
