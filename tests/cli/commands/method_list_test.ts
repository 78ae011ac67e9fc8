import { assertEquals, assertMatch } from "@std/assert";
import { listMethods } from "../../../src/search/mod.ts";
import { rootstock, rootstockJson } from "../_command.ts";

Deno.test("method list shows every method with a line about it and its paper", async () => {
  const { methods } = await rootstockJson(["method", "list"]);
  assertEquals(methods.at(-1).name, "random-search");
  assertEquals(
    methods.slice(0, -1),
    listMethods().map(({ name, title, description, paper }) => ({ name, title, description, paper })),
  );
  const { out, code } = await rootstock(["method", "list"]);
  assertMatch(out, /name +what it does +paper\ndarts +mixes all candidates.*arXiv 1806\.09055/);
  assertEquals([out.trim().split("\n").length, code], [listMethods().length + 2, 0]);
});
