import { assertEquals } from "@std/assert";
import published from "../../data/published.json" with { type: "json" };
import { measureCards } from "../../tools/list_zoo.ts";

Deno.test("the committed list of cards is that of the project's zoo; if not, run deno task list-zoo", async () => {
  assertEquals(published, await measureCards());
});
