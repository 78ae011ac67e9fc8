import { assertEquals, assertThrows } from "@std/assert";
import { readHeader, walkScans } from "../../../src/data/decoders/jpeg_markers.ts";
import { DataError } from "../../../src/data/mod.ts";
import { openCorpus } from "./_conformance.ts";
import { emptyScans } from "./_jpegs.ts";

Deno.test("readHeader() tells components, blocks, turns and Adobe's mark", async () => {
  const { file } = await openCorpus();
  const header = (name: string) => readHeader(file(name), name);
  // 45 x 33 pixels are 6 x 5 blocks; with both halved, 3 x 3 of four blocks.
  assertEquals(header("444.jpg").components.map(({ blocks }) => blocks), [30, 30, 30]);
  assertEquals(header("422.jpg").components.map(({ blocks }) => blocks), [30, 15, 15]);
  const { components } = header("420.jpg");
  assertEquals(components.map(({ blocks, isSubsampled }) => [blocks, isSubsampled]), [[36, false], [9, true], [
    9,
    true,
  ]]);
  assertEquals(header("grey-baseline.jpg").components.length, 1);
  assertEquals([header("turned6.jpg").orientation, header("420.jpg").orientation], [6, 1]);
  assertEquals([header("cmyk-baseline.jpg"), header("cmyk-unmarked-baseline.jpg")].map(({ hasAdobe }) => hasAdobe), [
    true,
    false,
  ]);
});

Deno.test("walkScans() counts scans and the blocks they visit, and wants an end", async () => {
  const count = (bytes: Uint8Array) => walkScans(bytes, readHeader(bytes, "a.jpg"), "a.jpg");
  assertEquals(count(emptyScans(64, 5)), { count: 5, visits: 5 * 64 });
  const { file } = await openCorpus();
  assertEquals(count(file("420.jpg")), { count: 1, visits: 54 });
  // Restart markers are no ends.
  assertEquals(count(file("restart.jpg")).count, 1);
  for (const missing of [1, 2, 30]) {
    assertThrows(() => count(file("420.jpg").slice(0, -missing)), DataError, "a.jpg: it is cut");
  }
});
