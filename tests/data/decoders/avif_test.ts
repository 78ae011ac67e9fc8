import { assert, assertEquals, assertFalse, assertThrows } from "@std/assert";
import { avifDecoder } from "../../../src/data/decoders/avif.ts";
import { DataError, decodeImage } from "../../../src/data/mod.ts";
import { assertDataError } from "../_folder.ts";
import { openCorpus } from "./_conformance.ts";

const { file } = await openCorpus();

/** Place of a box's content. */
function inside(bytes: Uint8Array, type: string): number {
  return new TextDecoder("latin1").decode(bytes).indexOf(type) + 4;
}

Deno.test("avifDecoder measures size and turns from the container", () => {
  for (let orientation = 2; orientation <= 8; orientation++) {
    const name = `turned${orientation}.avif`;
    assertEquals(avifDecoder.measure(file(name), name), { height: 13, width: 19, orientation });
  }
  assertEquals(avifDecoder.measure(file("444.avif"), "a").orientation, 1);
});

Deno.test("avifDecoder refuses pictures that would take too long, and sizes that are not true", async () => {
  const large = file("444.avif");
  const size = new DataView(large.buffer, inside(large, "ispe"));
  size.setUint32(4, 5000);
  size.setUint32(8, 5000);
  await assertDataError(() => decodeImage(large, "a.avif"), "a.avif", "5000x5000 pixels in AVIF");
  size.setUint32(4, 46);
  size.setUint32(8, 33);
  await assertDataError(() => decodeImage(large, "a.avif"), "a.avif");
});

Deno.test("avifDecoder says when the container is damaged", () => {
  for (const type of ["meta", "iprp", "ipco", "ispe", "pitm", "ipma"]) {
    const bad = file("444.avif");
    bad[inside(bad, type) - 1] = 0x20;
    assertThrows(() => avifDecoder.measure(bad, "a.avif"), DataError, "a.avif: its AVIF header is damaged");
  }
});

Deno.test("avifDecoder recognises its brands", () => {
  assert(avifDecoder.recognises(file("444.avif")));
  const brand = (text: string) => new TextEncoder().encode(`\0\0\0\x14ftyp${text}`);
  assert(avifDecoder.recognises(brand("mif1\0\0\0\0avif")));
  for (const text of ["heic\0\0\0\0mif1", ""]) assertFalse(avifDecoder.recognises(brand(text)));
});
