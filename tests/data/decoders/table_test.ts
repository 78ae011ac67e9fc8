import { assertEquals, assertThrows } from "@std/assert";
import { encode } from "jpeg-js";
import { jpegDecoder } from "../../../src/data/decoders/jpeg.ts";
import { pngDecoder } from "../../../src/data/decoders/png.ts";
import { decodeImage, type Decoder, measureImage, registerDecoder } from "../../../src/data/mod.ts";
import { assertDataError } from "../_folder.ts";
import { png } from "../_pictures.ts";

const onePixel = png({ width: 1, height: 1, rows: Uint8Array.of(0, 42) });
const jpeg = Uint8Array.from(encode({ data: new Uint8Array(8 * 8 * 4), width: 8, height: 8 }).data);

Deno.test("decodeImage() goes by the content", async () => {
  assertEquals([...(await decodeImage(onePixel, "a.jpg")).pixels], [42, 42, 42, 255]);
  assertEquals((await decodeImage(jpeg, "a.png")).width, 8);
  assertEquals([measureImage(onePixel, "a.jpg").type, measureImage(jpeg, "a.png").type], ["PNG", "JPEG"]);
  assertEquals([pngDecoder.recognises(jpeg), jpegDecoder.recognises(onePixel)], [false, false]);
});

Deno.test("decodeImage() says what a file is not", async () => {
  const types = "it is neither a PNG nor a JPEG nor a WebP nor a GIF nor an AVIF nor a BMP file";
  for (const bytes of [new Uint8Array(), new TextEncoder().encode("GIF90a"), onePixel.slice(1)]) {
    await assertDataError(() => decodeImage(bytes, "a\x1b[1m.gif"), "a [1m.gif", types);
    await assertDataError(() => Promise.try(() => measureImage(bytes, "a\nb.gif")), "a b.gif", types);
  }
});

Deno.test("decodeImage() measures before it decodes, and what it has decoded", async () => {
  const row = (name: string, mark: number, side: number): Decoder => ({
    name,
    recognises: (bytes) => bytes[0] === mark,
    measure: () => ({ height: side, width: side }),
    decode: () => ({ pixels: new Uint8Array(), height: 0, width: 0, channels: 1 }),
  });
  registerDecoder(row("LARGE", 78, 99999));
  registerDecoder(row("EMPTY", 77, 2));
  await assertDataError(() => decodeImage(Uint8Array.of(78), "large"), "announces 99999x99999");
  await assertDataError(() => decodeImage(Uint8Array.of(77), "empty"), "announces 0x0");
});

Deno.test("registerDecoder() refuses a name that is taken", () => {
  assertThrows(() => registerDecoder({ ...pngDecoder }), RangeError, '"PNG": there is one of this name already');
});
