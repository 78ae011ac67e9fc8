import { assert, AssertionError, assertStrictEquals } from "@std/assert";

Deno.test("AssertionError carries its name, message and cause", () => {
  const cause = new Error("why");
  const error = new AssertionError("what", { cause });
  assert(error instanceof Error);
  assertStrictEquals(error.name, "AssertionError");
  assertStrictEquals(error.message, "what");
  assertStrictEquals(error.cause, cause);
});
