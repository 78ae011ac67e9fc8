import { assertEquals } from "@std/assert";
import { formatBytes, formatPoints, listOf, shorten, wrapWords } from "../../src/report/words.ts";
import { formatCount, formatShare, nameOf } from "../../src/report/mod.ts";

Deno.test("nameOf() knows names from paths", () => {
  assertEquals(nameOf("uci-digits"), "uci-digits");
  assertEquals(nameOf("runs/t/trashnet/"), "trashnet");
  assertEquals(nameOf("C:\\data\\photos"), "photos");
  assertEquals(nameOf("a/x, b/y"), "x and y");
  assertEquals(nameOf("a,b,c,d"), "4 datasets");
});

Deno.test("formatCount() words large numbers", () => {
  assertEquals(
    [7, 50_450, 9_030_912, 12_345_678, 3.2e9].map(formatCount),
    ["7", "50,450", "9.0 million", "12 million", "3.2 billion"],
  );
});

Deno.test("formatBytes() takes the largest unit that is filled", () => {
  assertEquals([0, 1023, 1536, 312 * 2 ** 20, 1.44 * 2 ** 30].map(formatBytes), [
    "0 bytes",
    "1023 bytes",
    "1.5 KiB",
    "312 MiB",
    "1.4 GiB",
  ]);
});

Deno.test("shares, points and lists are worded", () => {
  assertEquals(formatShare(0.97567), "97.6 %");
  assertEquals([0.01, -0.024].map(formatPoints), ["1.0 point", "2.4 points"]);
  assertEquals([[], ["a"], ["a", "b"], ["a", "b", "c"]].map(listOf), ["", "a", "a and b", "a, b and c"]);
});

Deno.test("wrapWords() breaks at spaces only", () => {
  assertEquals(wrapWords("separable conv 3×3", 10), ["separable", "conv 3×3"]);
  assertEquals(wrapWords("separable", 3), ["separable"]);
  assertEquals(wrapWords("a b", Infinity), ["a b"]);
});

Deno.test("shorten() keeps short texts and ends long ones with an ellipsis", () => {
  assertEquals(["cat", "cats", "cathedral", "e\u0301te\u0301s"].map((text) => shorten(text, 4)), [
    "cat",
    "cats",
    "cat…",
    "e\u0301te\u0301s",
  ]);
});
