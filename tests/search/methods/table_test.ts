import { assertEquals, assertThrows } from "@std/assert";
import { makeDartsSpace } from "../../../src/spaces/darts/space.ts";
import { createMethod, listMethods } from "../../../src/search/mod.ts";

Deno.test("createMethod() creates every method of the list", () => {
  for (const { name } of listMethods()) assertEquals(createMethod(name, makeDartsSpace()).name, name);
});

Deno.test("createMethod() names the methods there are", () => {
  assertThrows(
    () => createMethod("toString", makeDartsSpace()),
    RangeError,
    'method is "toString", expected one of darts',
  );
});
