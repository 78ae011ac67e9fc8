import { assertEquals } from "@std/assert";
import { batchFor, searchBatchFor } from "../../src/search/mod.ts";

Deno.test("batchFor() is the paper's batch, or half of it where there are few images", () => {
  assertEquals([{ count: 10_000 }, { count: 1438 }].map((train) => batchFor({ train })), [64, 32]);
});

Deno.test("searchBatchFor() is a quarter of the paper's batch where a search would be short of steps", () => {
  const counts = [10_000, 5000, 4999, 2500, 2499, 300];
  assertEquals(counts.map((count) => searchBatchFor({ train: { count } })), [64, 64, 32, 32, 16, 16]);
});
