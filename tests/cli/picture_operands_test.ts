import { assertEquals, assertRejects } from "@std/assert";
import { encode } from "fast-png";
import { namedPictures } from "../../src/cli/picture_operands.ts";
import { UsageError } from "../../src/cli/flags.ts";

const none = new ReadableStream<Uint8Array>();

/** Standard input that gives a few bytes at a time. */
function input(bytes: Uint8Array, piece = 7): ReadableStream<Uint8Array> {
  return ReadableStream.from(function* () {
    for (let start = 0; start < bytes.length; start += piece) yield bytes.subarray(start, start + piece);
  }());
}

const text = (value: string) => input(new TextEncoder().encode(value));

Deno.test("namedPictures() reads paths from standard input, one a line, where - stands", async () => {
  const lines = "photos/one.jpg\r\nphotos/grün und blau.jpg\n\n[3]*.png";
  assertEquals(await Array.fromAsync(namedPictures(["a.png", "-", "b.png"], text(lines))), [
    "a.png",
    "photos/one.jpg",
    "photos/grün und blau.jpg",
    "[3]*.png",
    "b.png",
  ]);
  assertEquals(await Array.fromAsync(namedPictures(["-"], text(""))), []);
});

Deno.test("namedPictures() takes a picture from standard input, whatever comes at a time", async () => {
  const bytes = encode({ width: 40, height: 30, channels: 1, data: new Uint8Array(1200).map((_, i) => i * i) });
  for (const piece of [1, 50, 100_000]) {
    const [picture, ...others] = await Array.fromAsync(namedPictures(["-"], input(bytes, piece)));
    assertEquals(others, []);
    assertEquals(picture, { name: "standard input", bytes: Uint8Array.from(bytes) });
  }
});

Deno.test("namedPictures() stops at a standard input that is neither a picture nor paths, which may never end", async () => {
  const endless = ReadableStream.from(function* () {
    for (;;) yield new Uint8Array(1000);
  }());
  await assertRejects(() => Array.fromAsync(namedPictures(["-"], endless)), UsageError, "neither a picture nor paths");
});

Deno.test("namedPictures() finds files by pattern and reads standard input once", async () => {
  const pattern = "tests/cli/picture_operands_tes?.ts";
  assertEquals(await Array.fromAsync(namedPictures([pattern], none)), ["tests/cli/picture_operands_test.ts"]);
  await assertRejects(() => Array.fromAsync(namedPictures(["-", "-"], none)), UsageError, "once");
});
