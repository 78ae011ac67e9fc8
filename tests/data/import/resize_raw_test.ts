import { assertEquals, assertStrictEquals } from "@std/assert";
import { completeImport, type RawDataset, type RawPart } from "../../../src/data/mod.ts";
import { resizeRaw } from "../../../src/data/import/resize_raw.ts";

function part(count: number, channels: number, side = 16): RawPart {
  const pixels = Uint8Array.from({ length: count * side * side * channels }, (_, i) => i % 251);
  const labels = Uint8Array.from({ length: count }, (_, i) => i & 1);
  return { pixels, count, height: side, width: side, channels, labels, origin: { images: "images", labels: "labels" } };
}

const raw: RawDataset = { train: part(4, 3), test: part(2, 3), info: { height: 16, name: "x" }, infoOrigin: "in" };

Deno.test("resizeRaw() leaves images alone that have the size already", async () => {
  for (const settings of [{}, { side: 16 }, { channels: 3 }, { side: 16, channels: 3, fit: "pad" }] as const) {
    assertStrictEquals(await resizeRaw(raw, completeImport(settings)), raw);
  }
  const odd = { ...raw, train: part(4, 2) };
  assertStrictEquals(await resizeRaw(odd, completeImport({ side: 32 })), odd);
});

Deno.test("resizeRaw() brings all parts to the size and channels that are asked for", async () => {
  const { train, test, info } = await resizeRaw(raw, completeImport({ side: 8, channels: 1 }));
  for (const [found, count] of [[train, 4], [test!, 2]] as const) {
    const { pixels, height, width, channels } = found;
    assertEquals([pixels.length, found.count, height, width, channels], [64 * count, count, 8, 8, 1]);
  }
  assertEquals(info, { name: "x" });
  assertEquals(train.pixels.subarray(0, 128), test!.pixels);
  // Of a single value nothing but its luma is left.
  const flat = { ...raw, train: { ...part(1, 3), pixels: new Uint8Array(16 * 16 * 3).fill(90) } };
  assertEquals(new Set((await resizeRaw(flat, completeImport({ side: 40, channels: 1 }))).train.pixels), new Set([90]));
});

Deno.test("resizeRaw() leaves it to the checks that follow to refuse what does not fit together", async () => {
  const short = { ...raw, test: { ...part(2, 3), pixels: new Uint8Array(5) } };
  assertStrictEquals((await resizeRaw(short, completeImport({ side: 8 }))).test, short.test);
});
