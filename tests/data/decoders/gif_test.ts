import { assert, assertEquals, assertFalse } from "@std/assert";
import { concatenate } from "../../../src/data/bytes.ts";
import { gifDecoder } from "../../../src/data/decoders/gif.ts";
import { decodeImage } from "../../../src/data/mod.ts";
import { assertDataError } from "../_folder.ts";
import { openCorpus } from "./_conformance.ts";

// A screen of 3x2 with two colours, and a frame of 2x1 at (1, 1) whose pixels have indices 1 and 3.
const header = [0x47, 0x49, 0x46, 0x38, 0x39, 0x61, 3, 0, 2, 0, 0x80, 0, 0, 10, 20, 30, 40, 50, 60];
const frame = [0x2c, 1, 0, 1, 0, 2, 0, 1, 0, 0];
// Codes of three bits: clear 4, 1, 3, end 5.
const data = [2, 2, 0b11_001_100, 0b1010, 0];

function gif(...parts: number[][]): Uint8Array<ArrayBuffer> {
  return concatenate([header, ...parts].map((part) => Uint8Array.from(part)));
}

Deno.test("gifDecoder puts the first frame on the screen; around it is the first colour", async () => {
  const { pixels, height, width } = await decodeImage(gif(frame, data, [0x3b]), "a.gif");
  const [first, second, none] = [[10, 20, 30, 255], [40, 50, 60, 255], [0, 0, 0, 255]];
  assertEquals([height, width], [2, 3]);
  assertEquals([...pixels], [...first, ...first, ...first, ...first, ...second, ...none].flat());
});

Deno.test("gifDecoder leaves transparent what is, and around it", async () => {
  const control = [0x21, 0xf9, 4, 1, 0, 0, 1, 0];
  const { pixels } = await decodeImage(gif(control, frame, data, [0x3b]), "a.gif");
  assertEquals([...pixels].filter((_, i) => i % 4 === 3), [0, 0, 0, 0, 0, 255]);
});

Deno.test("gifDecoder grows the screen where the frame reaches over it, and wants nothing behind the frame", async () => {
  const over = frame.with(1, 4);
  const image = await decodeImage(gif(over, data), "a.gif");
  assertEquals([image.height, image.width], [2, 6]);
  const { pixels } = await decodeImage(gif(frame, data, [1, 2, 3]), "a.gif");
  assertEquals(pixels, (await decodeImage(gif(frame, data, [0x3b]), "a.gif")).pixels);
});

Deno.test("gifDecoder refuses data that ends too early, also within its blocks", async () => {
  const short = [2, 1, 0b11_001_100, 0];
  await assertDataError(() => decodeImage(gif(frame, short, [0x3b]), "a.gif"), "a.gif", "cut");
  await assertDataError(() => decodeImage(gif(frame, data.slice(0, -1)), "a.gif"), "a.gif", "cut");
  await assertDataError(() => decodeImage(gif([0x3b], new Array(20).fill(0)), "a.gif"), "a.gif", "no frame");
  await assertDataError(() => decodeImage(gif(), "a.gif"), "a.gif", "cut");
});

Deno.test("gifDecoder prints nothing", async () => {
  const printed: unknown[] = [];
  const { log } = console;
  console.log = (...words) => void printed.push(words);
  try {
    // The library would say that the data is longer than the frame.
    const long = [2, 2, 0b01_001_100, 0b1010_0010, 0];
    await decodeImage(gif(frame, long, [0x3b]), "a.gif").catch(() => {});
  } finally {
    console.log = log;
  }
  assertEquals(printed, []);
});

Deno.test("gifDecoder recognises both versions", async () => {
  assert(gifDecoder.recognises((await openCorpus()).file("plain.gif")));
  for (const text of ["", "GIF88a", "GIF89"]) assertFalse(gifDecoder.recognises(new TextEncoder().encode(text)));
});
