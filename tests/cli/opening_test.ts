import { assertEquals } from "@std/assert";
import { listenerOf, openingFrom } from "../../src/cli/opening.ts";

Deno.test("openingFrom() nests the flags of images, and tells the terminal", () => {
  const shown: unknown[] = [];
  const terminal = { show: (event: unknown) => shown.push(event), say: (text: string) => shown.push(text) };
  const values = { image: 64, imageChannels: 1, fit: "pad", testPortion: 0.3, splitSeed: 2, cache: "c", seed: 9 };
  const { import: images, cache, onProgress, onNotice } = openingFrom(values, terminal);
  assertEquals([images, cache], [{ side: 64, channels: 1, fit: "pad", testPortion: 0.3, splitSeed: 2 }, "c"]);
  assertEquals(openingFrom({}, terminal).import, undefined);
  onProgress?.({ name: "photos", phase: "decode", done: 1, total: 2 });
  onNotice?.("a line");
  assertEquals(shown, [{ type: "import", name: "photos", phase: "decode", done: 1, total: 2 }, "a line"]);
  assertEquals(Object.keys(listenerOf(terminal)), ["onProgress", "onNotice"]);
});
