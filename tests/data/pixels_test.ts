import { assertEquals, assertThrows } from "@std/assert";
import { DataError, pickPixels, pixelPieces, type Pixels, pixelsInFile, pixelsInMemory } from "../../src/data/mod.ts";

const bytes = Uint8Array.from({ length: 60 }, (_, i) => 3 * i);

/** Runs a test with a file in which the bytes stand behind seven others. */
async function inFile(test: (path: string) => void) {
  const path = await Deno.makeTempFile();
  try {
    await Deno.writeFile(path, Uint8Array.of(...new Uint8Array(7).fill(255), ...bytes, 255));
    test(path);
  } finally {
    await Deno.remove(path);
  }
}

function readsAlike(pixels: Pixels, expected: Uint8Array): void {
  assertEquals(pixels.length, expected.length);
  for (let start = 0; start <= expected.length; start++) {
    for (let end = start; end <= expected.length; end++) {
      assertEquals(pixels.read(start, end), expected.slice(start, end));
    }
  }
  for (const [start, end] of [[-1, 2], [2, 1], [0, expected.length + 1], [NaN, 1]] as const) {
    assertThrows(() => pixels.read(start, end), RangeError, `there are ${expected.length}`);
  }
}

Deno.test("pixelsInMemory() reads what it was given", () => readsAlike(pixelsInMemory(bytes), bytes));

Deno.test("pixelsInFile() reads the same bytes from a place in a file, once closed too", () =>
  inFile((path) => {
    const pixels = pixelsInFile(path, { offset: 7, length: bytes.length });
    readsAlike(pixels, bytes);
    pixels.close();
    assertEquals(pixels.read(1, 3), bytes.slice(1, 3));
    pixels.close();
  }));

Deno.test("pixelsInFile() keeps the content of a file that was removed after the first read", () =>
  inFile((path) => {
    const pixels = pixelsInFile(path, { offset: 7, length: bytes.length });
    pixels.read(0, 1);
    Deno.removeSync(path);
    assertEquals(pixels.read(0, 60), bytes);
    pixels.close();
    assertThrows(() => pixels.read(0, 1), DataError, `Cannot read ${path}: there is no such file`);
    Deno.writeFileSync(path, new Uint8Array(10));
    const message = `Cannot read ${path}: it ends at 10 bytes, expected 5 at 7: it is damaged or cut`;
    assertThrows(() => pixels.read(0, 5), DataError, message);
    pixels.close();
  }));

Deno.test("pixelsInFile() opens no folder, nor a file before it is asked", () => {
  const pixels = pixelsInFile(".", { offset: 0, length: 1 });
  assertThrows(() => pixels.read(0, 1), DataError, "Cannot read .: it is a folder, not a file");
});

Deno.test("pickPixels() is a view of images in the order asked for, repeated ones and neighbours alike", () =>
  inFile((path) => {
    const indices = Uint32Array.of(3, 4, 5, 0, 0, 1, 9, 8);
    const picked = Uint8Array.from(indices).reduce<number[]>(
      (all, i) => [...all, ...bytes.slice(6 * i, 6 * i + 6)],
      [],
    );
    const file = pixelsInFile(path, { offset: 7, length: bytes.length });
    for (const whole of [pixelsInMemory(bytes), file]) {
      readsAlike(pickPixels(whole, indices, 6), Uint8Array.from(picked));
    }
    file.close();
    readsAlike(pickPixels(file, new Uint32Array(), 6), new Uint8Array());
  }));

Deno.test("pixelPieces() gives all images in whole pieces of a few MiB", () => {
  const size = 3 << 19;
  const pixels = pixelsInMemory(Uint8Array.from({ length: 7 * size }, (_, i) => i % 251));
  const pieces = [...pixelPieces(pixels, size)];
  assertEquals(pieces.map(({ first, bytes }) => [first, bytes.length / size]), [[0, 2], [2, 2], [4, 2], [6, 1]]);
  assertEquals(pieces[1]!.bytes[0], 2 * size % 251);
  assertEquals([...pixelPieces(pixels, 4 << 20)].length, Math.ceil(7 * size / (4 << 20)));
});
