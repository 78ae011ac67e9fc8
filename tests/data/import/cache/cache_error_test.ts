import { assertEquals, assertThrows } from "@std/assert";
import { CacheError, inCache } from "../../../../src/data/import/cache/cache_error.ts";

Deno.test("inCache() makes one line of whatever the system says", () => {
  assertEquals(inCache(() => 3), 3);
  const cases: [Error, string][] = [
    [new Deno.errors.NotCapable("Requires write access"), "Deno may not write there"],
    [new Deno.errors.PermissionDenied("os error 13"), "the system refuses access"],
    [new Error("No space left\non device"), "No space left on device"],
    [new CacheError("as it was"), "as it was"],
  ];
  for (const [cause, message] of cases) {
    const error = assertThrows(() =>
      inCache(() => {
        throw cause;
      }), CacheError);
    assertEquals(error.message, message);
  }
});
