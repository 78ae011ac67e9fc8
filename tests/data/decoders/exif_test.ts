import { assertEquals } from "@std/assert";
import { readOrientation } from "../../../src/data/decoders/exif.ts";

/** EXIF data of entries of a tag, a type (3 two bytes, 4 four) and a value. */
function exif(isLittle: boolean, ...entries: [tag: number, type: number, value: number][]): Uint8Array {
  const bytes = new Uint8Array(8 + 2 + 12 * entries.length);
  const view = new DataView(bytes.buffer);
  view.setUint16(0, isLittle ? 0x4949 : 0x4d4d);
  view.setUint16(2, 42, isLittle);
  view.setUint32(4, 8, isLittle);
  view.setUint16(8, entries.length, isLittle);
  entries.forEach(([tag, type, value], i) => {
    const entry = 10 + 12 * i;
    view.setUint16(entry, tag, isLittle);
    view.setUint16(entry + 2, type, isLittle);
    view.setUint32(entry + 4, 1, isLittle);
    if (type === 3) view.setUint16(entry + 8, value, isLittle);
    else view.setUint32(entry + 8, value, isLittle);
  });
  return bytes;
}

Deno.test("readOrientation() finds the entry in either byte order", () => {
  for (const isLittle of [true, false]) {
    assertEquals(readOrientation(exif(isLittle, [0x010f, 4, 5], [0x0112, 3, 6])), 6);
    assertEquals(readOrientation(exif(isLittle, [0x0112, 4, 8])), 8);
    assertEquals(readOrientation(exif(isLittle, [0x0100, 3, 6])), 1);
    for (const value of [0, 9, 65535]) assertEquals(readOrientation(exif(isLittle, [0x0112, 3, value])), 1);
  }
});

Deno.test("readOrientation() makes nothing of data that is cut or damaged", () => {
  const whole = exif(true, [0x010f, 4, 5], [0x0112, 3, 6]);
  for (let length = 0; length < whole.length; length++) assertEquals(readOrientation(whole.subarray(0, length)), 1);
  // Another type, and more than one value.
  for (const [place, value] of [[12, 2], [14, 2]] as const) {
    const bad = exif(true, [0x0112, 3, 6]);
    bad[place] = value;
    assertEquals(readOrientation(bad), 1);
  }
  for (let place = 0; place < 10; place++) {
    const bad = whole.slice();
    bad[place] = 0xff;
    readOrientation(bad);
  }
});
