import { assert, assertAlmostEquals, assertEquals, assertThrows } from "@std/assert";
import { decodeSafetensors, encodeSafetensors, FormatError, type TensorLike } from "../../src/formats/mod.ts";
import { RunError } from "../../src/run/mod.ts";
import { decodeSignatures, EMBEDDING_DIGEST, encodeSignatures, SIGNATURE_IMAGES } from "../../src/zoo/mod.ts";
import { stripes } from "../transfer/_signatures.ts";

Deno.test("decodeSignatures() gives back what encodeSignatures() took, features to a step of 255, in about 64 KiB a dataset", () => {
  const signatures = [stripes("first"), stripes("second", { images: 7, shade: 9 })];
  const found = decodeSignatures(encodeSignatures(signatures), { file: "x" });
  found.forEach(({ features, ...rest }, i) => {
    const { features: given, ...others } = signatures[i]!;
    assertEquals(rest, others);
    assertEquals(features.length, given.length);
    features.forEach((value, at) => assertAlmostEquals(value, given[at]!, 100 / 255 / 255 / 2 + 1e-7));
  });
  const classes = Array.from({ length: 20 }, (_, i) => `class number ${i}`);
  const { labels } = stripes("largest", { images: SIGNATURE_IMAGES });
  const features = Float32Array.from({ length: 128 * SIGNATURE_IMAGES }, (_, at) => Math.sin(at));
  assert(encodeSignatures([{ name: "largest", classes, features, labels }]).length <= 64 * 1024);
});

Deno.test("encodeSignatures() takes features that are all the same", () => {
  const flat = { ...stripes("flat"), features: new Float32Array(24 * 3).fill(0.5) };
  assertEquals(decodeSignatures(encodeSignatures([flat]), { file: "x" }), [flat]);
});

Deno.test("encodeSignatures() stores nothing of an image but features and its class", () => {
  const { tensors } = decodeSafetensors(encodeSignatures([stripes("first")]), { file: "x" });
  assertEquals([...tensors.keys()].sort(), ["0.features", "0.labels", "0.range"]);
});

Deno.test("decodeSignatures() names the file and what is wrong with it", () => {
  const good = stripes("stripes");
  const refuses = (bytes: Uint8Array, words: string) =>
    assertThrows(
      () => decodeSignatures(bytes, { file: "zoo/some/file" }),
      RunError,
      `Cannot read zoo/some/file: ${words}`,
    );
  const bytes = encodeSignatures([good]);
  for (let length = 0; length < bytes.length; length += 997) {
    assertThrows(() => decodeSignatures(bytes.subarray(0, length), { file: "x" }), FormatError, "Cannot read x: ");
  }
  const format = "rootstock-signature-2";
  const anew = "sign it anew with: deno task rootstock zoo sign some --data …";
  refuses(encodeSafetensors(new Map()), `format is not given, expected ${format}: ${anew}`);
  const former = { format: "rootstock-signature-1", sources: "[]" };
  refuses(encodeSafetensors(new Map(), former), `format is "rootstock-signature-1", expected ${format}: ${anew}`);
  const stranger = { format, embedding: "0123", sources: "[]" };
  refuses(
    encodeSafetensors(new Map(), stranger),
    `embedding network is "0123", expected ${EMBEDDING_DIGEST}: ${anew}`,
  );
  const file = (tensors: [string, TensorLike][], sources: string) =>
    encodeSafetensors(new Map(tensors), { format, embedding: EMBEDDING_DIGEST, sources });
  const named = JSON.stringify([{ name: "stripes", classes: ["a"] }]);
  for (const sources of ["{", "[]", "{}", "[null]", '[{"name":"x","classes":[1]}]']) {
    refuses(file([], sources), "sources are not named");
  }
  refuses(file([], named), "0.features is missing");
  const features = { shape: [2, 5], data: new Uint8Array(10) };
  const labels = (...data: number[]) => ({ shape: [data.length], data: Uint8Array.from(data) });
  const range = (...data: number[]) => ({ shape: [data.length], data: Float32Array.from(data) });
  const holds = (tensors: Record<string, TensorLike>) =>
    file(Object.entries(tensors).map(([name, tensor]) => [`0.${name}`, tensor]), named);
  refuses(holds({ features }), "0.labels is missing");
  refuses(holds({ features, labels: labels(0, 0) }), "0.range is missing");
  for (const bad of [range(0), range(1, 0), range(NaN, 1), range(0, Infinity), range(0, 1, 2), labels(0, 1)]) {
    refuses(holds({ features, labels: labels(0, 0), range: bad }), "0.range is missing or of another form");
  }
  refuses(holds({ features, labels: labels(0), range: range(0, 1) }), "found 2 images and 1 labels of stripes");
  refuses(holds({ features, labels: labels(0, 1), range: range(0, 1) }), "label 1 of stripes is out of range");
  const floats = { shape: [2, 5], data: new Float32Array(10) };
  refuses(holds({ features: floats, labels: labels(0, 0) }), "0.features is missing or of another form");
  refuses(holds({ features: { shape: [10], data: new Uint8Array(10) } }), "0.features is missing or of another form");
});
