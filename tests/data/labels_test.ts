import { assertEquals, assertThrows } from "@std/assert";
import { countClasses, numberedClasses, requireLabels } from "../../src/data/labels.ts";
import { DataError } from "../../src/data/mod.ts";

Deno.test("requireLabels() names the first label out of range and its image", () => {
  requireLabels(Uint8Array.of(0, 2, 1), 3, "x");
  requireLabels(new Uint8Array(), 1, "x");
  const error = assertThrows(() => requireLabels(Uint8Array.of(0, 2, 3, 9), 3, "labels.idx"), DataError);
  assertEquals(error.message, "Cannot read labels.idx: label 3 of image 2 is out of range, expected 0 to 2");
});

Deno.test("numberedClasses() counts from zero and refuses gaps and a single class", () => {
  assertEquals(numberedClasses(Uint8Array.of(1, 0, 2), "x"), ["0", "1", "2"]);
  const all = Uint8Array.from({ length: 256 }, (_, i) => i);
  assertEquals(numberedClasses(all, "x").length, 256);
  assertThrows(() => numberedClasses(Uint8Array.of(1, 2), "x"), DataError, "no image has label 0");
  assertThrows(() => numberedClasses(Uint8Array.of(0, 1, 255), "x"), DataError, "no image has label 2");
  assertThrows(() => numberedClasses(Uint8Array.of(0, 0), "x"), DataError, "at least two classes");
});

Deno.test("countClasses() counts empty classes as zero", () => {
  assertEquals(countClasses(Uint8Array.of(2, 0, 2), 4), [1, 0, 2, 0]);
});
