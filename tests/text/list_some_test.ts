import { assertEquals } from "@std/assert";
import { listSome } from "../../src/text/list_some.ts";

Deno.test("listSome() lists five names and counts the others", () => {
  assertEquals(listSome([]), "");
  assertEquals(listSome(["a", "b"]), "a, b");
  assertEquals(listSome(["a", "b", "c", "d", "e"]), "a, b, c, d, e");
  assertEquals(listSome(["a", "b", "c", "d", "e", "f", "g"]), "a, b, c, d, e and 2 more");
});
