import { assertEquals, assertThrows } from "@std/assert";
import { makeSpace } from "../../../src/spaces/mod.ts";
import { createMethod, METHOD_NAMES } from "../../../src/search/mod.ts";

Deno.test("createMethod() creates every method of the list", () => {
  for (const name of METHOD_NAMES) assertEquals(createMethod(name, makeSpace()).name, name);
});

Deno.test("createMethod() names the methods there are", () => {
  assertThrows(() => createMethod("toString", makeSpace()), RangeError, 'method is "toString", expected one of darts');
});
