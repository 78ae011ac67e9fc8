import { assertEquals } from "@std/assert";
import { formatTable } from "../../src/text/table.ts";

Deno.test("formatTable() sets numbers right and words left", () => {
  const rows = [["name", "images", "accuracy"], ["uci-digits", "1,797", "98.1 %"], ["é", "12,000", "7.0 %"]];
  assertEquals(
    formatTable(rows),
    [
      "name        images  accuracy",
      "uci-digits   1,797    98.1 %",
      "é           12,000     7.0 %",
    ].join("\n"),
  );
});

Deno.test("formatTable() follows the alignment asked for, and fills short rows", () => {
  assertEquals(formatTable([["a"], ["bcd", "1"]], { align: ["right", "left"] }), "  a\nbcd  1");
  assertEquals(formatTable([]), "");
});

Deno.test("formatTable() counts characters as a reader does", () => {
  assertEquals(formatTable([["👩‍🔬", "x"], ["ab", "y"]]), "👩‍🔬   x\nab  y");
});
