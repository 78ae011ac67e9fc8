import { assert, assertEquals, assertFalse } from "@std/assert";
import { concatenate } from "../../../src/data/bytes.ts";
import { webpDecoder } from "../../../src/data/decoders/webp.ts";
import { decodeImage } from "../../../src/data/mod.ts";
import { assertDataError } from "../_folder.ts";
import { openCorpus } from "./_conformance.ts";

const { file } = await openCorpus();

Deno.test("webpDecoder measures all three kinds of headers", () => {
  for (const [name, height, width] of [["lossy", 13, 19], ["lossless", 13, 19], ["lossy-animated", 33, 45]] as const) {
    const measured = webpDecoder.measure(file(`${name}.webp`), name);
    assertEquals([measured.height, measured.width], [height, width]);
  }
  assertEquals(webpDecoder.measure(file("turned.webp"), "a").orientation, 8);
});

Deno.test("webpDecoder puts a first frame that is smaller on its canvas, transparent around", async () => {
  const { pixels, height, width } = await decodeImage(file("offset-animated.webp"), "a.webp");
  assertEquals([height, width], [30, 40]);
  assertEquals([...pixels.subarray(0, 4)], [0, 0, 0, 0]);
  assert(pixels.some((value) => value > 0));
});

Deno.test("webpDecoder refuses frames that do not fit, and files that begin otherwise", async () => {
  const animated = file("offset-animated.webp");
  const frame = new TextDecoder("latin1").decode(animated).indexOf("ANMF") + 8;
  const shifted = animated.slice();
  shifted[frame] = 30;
  await assertDataError(() => decodeImage(shifted, "a.webp"), "a.webp", "its first frame is too large");
  const smaller = animated.slice();
  smaller[frame + 6]!--;
  await assertDataError(() => decodeImage(smaller, "a.webp"), "a.webp", "another size than it says");
  const header = new TextEncoder().encode("RIFF\x0c\0\0\0WEBPXXXX\0\0\0\0");
  await assertDataError(() => decodeImage(header, "a.webp"), "a.webp", "does not start with a WebP header");
  await assertDataError(() => decodeImage(header.slice(0, 12), "a.webp"), "a.webp", "cut");
});

Deno.test("webpDecoder does not care what follows the file", async () => {
  const whole = file("lossy.webp");
  const more = await decodeImage(concatenate([whole, new Uint8Array(99)]), "a.webp");
  assertEquals(more.pixels, (await decodeImage(whole, "a.webp")).pixels);
});

Deno.test("webpDecoder recognises both marks", () => {
  assert(webpDecoder.recognises(file("lossy.webp")));
  for (const text of ["", "RIFF1234WAVE", "XXXX1234WEBP"]) {
    assertFalse(webpDecoder.recognises(new TextEncoder().encode(text)));
  }
});
