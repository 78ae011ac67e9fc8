import { assert, assertEquals, assertThrows } from "@std/assert";
import { encodeSafetensors, type TensorLike } from "../../src/formats/mod.ts";
import { FormatError } from "../../src/formats/mod.ts";
import { RunError } from "../../src/run/mod.ts";
import {
  decodeSignatures,
  encodeSignatures,
  SIGNATURE_IMAGES,
  SIGNATURE_SIDE,
  signDataset,
} from "../../src/zoo/mod.ts";
import { pixelsInMemory } from "../../src/data/mod.ts";
import { withEngine } from "../engine/_tiny.ts";
import { stripes } from "../transfer/_signatures.ts";

Deno.test("signDataset() brings the chosen images to grey pictures of one size", () =>
  withEngine((engine) => {
    const [height, width, channels] = [40, 30, 3] as const;
    const size = height * width * channels;
    const pixels = pixelsInMemory(Uint8Array.from({ length: 5 * size }, (_, at) => 10 * Math.floor(at / size)));
    const dataset = { name: "flat", classes: ["a", "b"], height, width, channels };
    const train = { pixels, labels: Uint8Array.of(0, 1, 0, 1, 1) };
    const found = signDataset(engine, { ...dataset, train }, Uint32Array.of(4, 2));
    assertEquals([found.name, found.classes, [...found.labels]], ["flat", ["a", "b"], [1, 0]]);
    const picture = SIGNATURE_SIDE ** 2;
    assertEquals(found.pixels, Uint8Array.from({ length: 2 * picture }, (_, at) => at < picture ? 40 : 20));
  }));

Deno.test("decodeSignatures() gives back what encodeSignatures() took, in at most 400 KiB a dataset", () => {
  const signatures = [stripes("first"), stripes("second", { images: 7, shade: 9 })];
  assertEquals(decodeSignatures(encodeSignatures(signatures), { file: "x" }), signatures);
  const classes = Array.from({ length: 256 }, (_, i) => `class number ${i}`);
  const largest = { ...stripes("largest", { images: SIGNATURE_IMAGES }), classes };
  assert(encodeSignatures([largest]).length <= 400 * 1024);
});

Deno.test("decodeSignatures() names the file and what is wrong with it", () => {
  const good = stripes("stripes");
  const refuses = (bytes: Uint8Array, words: string) =>
    assertThrows(() => decodeSignatures(bytes, { file: "some/file" }), RunError, `Cannot read some/file: ${words}`);
  const bytes = encodeSignatures([good]);
  for (let length = 0; length < bytes.length; length += 997) {
    assertThrows(() => decodeSignatures(bytes.subarray(0, length), { file: "x" }), FormatError, "Cannot read x: ");
  }
  refuses(encodeSafetensors(new Map()), "format is null, expected rootstock-signature-1");
  const file = (tensors: [string, TensorLike][], sources: string) =>
    encodeSafetensors(new Map(tensors), { format: "rootstock-signature-1", sources });
  const named = JSON.stringify([{ name: "stripes", classes: ["a"] }]);
  for (const sources of ["{", "[]", "{}", "[null]", '[{"name":"x","classes":[1]}]']) {
    refuses(file([], sources), "sources are not named");
  }
  refuses(file([], named), "0.pixels is missing");
  const pixels = { shape: [2, 28, 28], data: new Uint8Array(2 * 784) };
  const labels = (...data: number[]) => ({ shape: [data.length], data: Uint8Array.from(data) });
  refuses(file([["0.pixels", pixels]], named), "0.labels is missing");
  refuses(file([["0.pixels", pixels], ["0.labels", labels(0)]], named), "found 2 images and 1 labels of stripes");
  refuses(file([["0.pixels", pixels], ["0.labels", labels(0, 1)]], named), "label 1 of stripes is out of range");
  const floats = { shape: [2, 28, 28], data: new Float32Array(2 * 784) };
  refuses(file([["0.pixels", floats], ["0.labels", labels(0, 0)]], named), "0.pixels is missing or of another form");
});
