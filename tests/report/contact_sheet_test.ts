import { assertEquals, assertThrows } from "@std/assert";
import { decode } from "fast-png";
import { renderContactSheet } from "../../src/report/contact_sheet.ts";

function picture(side: number, value: number) {
  return { side, pixels: Uint8Array.from({ length: side * side * 3 }, (_, i) => (value + i) % 256) };
}

/** Cuts the picture at a row and column of the sheet out of it. */
function cut(sheet: { pixels: Uint8Array; width: number }, side: number, row: number, column: number): number[] {
  const rows = Array.from({ length: side }, (_, y) => {
    const from = ((2 + row * (side + 2) + y) * sheet.width + 2 + column * (side + 2)) * 3;
    return [...sheet.pixels.subarray(from, from + side * 3)];
  });
  return rows.flat();
}

Deno.test("renderContactSheet() shows pictures row by row with lines between them", () => {
  const rows = [[picture(8, 0), picture(8, 50)], [picture(8, 100)]];
  const { data, ...size } = decode(renderContactSheet(rows));
  const sheet = { ...size, pixels: Uint8Array.from(data) };
  assertEquals([sheet.height, sheet.width, sheet.channels], [22, 22, 3]);
  rows.forEach((row, y) => row.forEach(({ pixels }, x) => assertEquals(cut(sheet, 8, y, x), [...pixels])));
  assertEquals(new Set(cut(sheet, 8, 1, 1)), new Set([128]));
  assertEquals([...sheet.pixels.subarray(0, 22 * 3)], Array(66).fill(128));
});

Deno.test("renderContactSheet() refuses nothing and pictures of several sizes", () => {
  assertThrows(() => renderContactSheet([[]]), RangeError, "no picture");
  assertThrows(() => renderContactSheet([[picture(8, 0), picture(9, 0)]]), RangeError, "9 and 8");
});
