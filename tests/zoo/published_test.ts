import { assertEquals, assertMatch } from "@std/assert";
import { PUBLISHED_CARDS } from "../../src/zoo/published.ts";
import { listEntryNames } from "../../src/zoo/mod.ts";

Deno.test("the published cards are those of the project's entries", async () => {
  assertEquals(Object.keys(PUBLISHED_CARDS), await listEntryNames());
  for (const { sha256 } of Object.values(PUBLISHED_CARDS)) assertMatch(sha256, /^[0-9a-f]{64}$/);
});
