import { assertEquals } from "@std/assert";
import { countOf } from "../../src/text/mod.ts";

Deno.test("countOf() speaks of one thing and of several", () => {
  assertEquals([0, 1, 2, 1200].map((count) => countOf(count, "target")), [
    "0 targets",
    "1 target",
    "2 targets",
    "1,200 targets",
  ]);
});
