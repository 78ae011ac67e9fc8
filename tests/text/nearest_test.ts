import { assertEquals } from "@std/assert";
import { didYouMean, nearest } from "../../src/text/mod.ts";

const COMMANDS = ["demo", "search", "select", "train", "transfer", "traditional", "data list", "zoo list"];

Deno.test("nearest() finds the word of the fewest edits, swapped neighbours being one", () => {
  for (
    const [typed, meant] of [
      ["serach", "search"],
      ["trian", "train"],
      ["selct", "select"],
      ["demoo", "demo"],
      ["zoolist", "zoo list"],
      ["zoo-list", "zoo list"],
    ] as const
  ) assertEquals(nearest(typed, COMMANDS), meant, typed);
});

Deno.test("nearest() takes other case first, then a beginning, then edits", () => {
  assertEquals(nearest("TRAIN", COMMANDS), "train");
  assertEquals(nearest("trad", COMMANDS), "traditional");
  assertEquals(nearest("fashion", ["mission", "fashion-mnist-12k"]), "fashion-mnist-12k");
  assertEquals(nearest("broad", ["Broad", "broader", "broad"]), "Broad");
});

Deno.test("nearest() finds nothing where nothing is near", () => {
  for (const typed of ["", "x", "tr", "bake", "research-everything", "😀"]) {
    assertEquals(nearest(typed, COMMANDS), undefined, typed);
  }
  assertEquals(nearest("search", []), undefined);
  assertEquals(nearest("s".repeat(1e6), ["s".repeat(1e6 + 1), "search"]), undefined);
});

Deno.test("nearest() lets one character of a short word be wrong, but not all of it", () => {
  assertEquals(nearest("at", ["a"]), undefined);
  assertEquals(nearest("zo", ["zoo"]), "zoo");
  assertEquals(nearest("zip", ["zoo"]), undefined);
});

Deno.test("didYouMean() words a guess, or nothing", () => {
  assertEquals(didYouMean("serach", COMMANDS), " (did you mean search?)");
  assertEquals(didYouMean("bake", COMMANDS), "");
});
