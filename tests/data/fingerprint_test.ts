import { assert, assertEquals, assertNotEquals } from "@std/assert";
import { createHash } from "node:crypto";
import { fingerprint, type FingerprintContent, pixelsInMemory, type Split } from "../../src/data/mod.ts";

const part = (count: number, first: number): Split => ({
  pixels: pixelsInMemory(Uint8Array.from({ length: count * 8 * 9 }, (_, i) => first + i)),
  labels: Uint8Array.from({ length: count }, (_, i) => i % 2),
  count,
});

const content: FingerprintContent & { test: Split } = {
  classes: ["cat", "dög"],
  height: 8,
  width: 9,
  channels: 1,
  train: part(4, 0),
  test: part(2, 100),
};

const all = ({ pixels }: Split) => pixels.read(0, pixels.length);

/** The same part with one byte of pixels or labels turned. */
function turned(split: Split, field: "pixels" | "labels", place: number): Split {
  const bytes = field === "pixels" ? all(split).slice() : split.labels.slice();
  bytes[place]! ^= 1;
  return { ...split, [field]: field === "pixels" ? pixelsInMemory(bytes) : bytes };
}

Deno.test("fingerprint() is what docs/formats.md says", () => {
  const header = `{"format":"rootstock-dataset-1","classes":["cat","dög"],"height":8,"width":9,"channels":1,` +
    `"normalisation":"mean and deviation of each channel over the training images","parts":[["train",4],["test",2]]}\n`;
  const hash = createHash("sha256").update(header);
  for (const part of [content.train, content.test]) hash.update(all(part)).update(part.labels);
  assertEquals(fingerprint(content), hash.digest("hex"));
});

Deno.test("fingerprint() is that of the content alone, not of the memory or the other properties around it", () => {
  const { labels, count } = content.train;
  const images = all(content.train);
  const larger = new Uint8Array(images.length + 20);
  larger.set(images, 13);
  const train = { count, labels: labels.slice(), pixels: pixelsInMemory(larger.subarray(13, 13 + images.length)) };
  const named = { ...content, train, name: "other", licence: "CC0", validation: undefined };
  assertEquals(fingerprint(named), fingerprint(content));
});

Deno.test("fingerprint() differs for a pixel, a label, a class name, an order, a size, a part", () => {
  const { train, test } = content;
  const size = 8 * 9;
  const [first, second] = [train.pixels.read(0, size), train.pixels.read(size, 2 * size)];
  const swapped = all(train).slice();
  swapped.set(second, 0);
  swapped.set(first, size);
  const others: Partial<FingerprintContent>[] = [
    { train: turned(train, "pixels", 0) },
    { train: turned(train, "pixels", train.pixels.length - 1) },
    { test: turned(test, "pixels", 5) },
    { train: turned(train, "labels", 3) },
    { test: turned(test, "labels", 0) },
    { train: { ...train, pixels: pixelsInMemory(swapped) } },
    { classes: ["cat", "dog"] },
    { classes: ["dög", "cat"] },
    { classes: ["cat", "dög", "eel"] },
    { classes: ['cat","dög'] },
    { height: 9, width: 8 },
    { height: 24, channels: 3, width: 1 },
    { train: test, test: train },
    { validation: part(1, 0) },
    { train: part(3, 0) },
  ];
  const found = new Set([fingerprint(content)]);
  for (const [i, other] of others.entries()) {
    const one = fingerprint({ ...content, ...other });
    assert(!found.has(one), `case ${i} has been there`);
    found.add(one);
  }
  assertEquals(found.size, others.length + 1);
});

Deno.test("fingerprint() does not take images for labels, nor one part for another", () => {
  // The same bytes in the same order, divided in another way.
  const both = new Uint8Array([...all(content.train), ...content.train.labels]);
  const divided = { pixels: pixelsInMemory(both.subarray(0, 72)), labels: both.subarray(72), count: 1 };
  assertNotEquals(fingerprint({ ...content, train: divided }), fingerprint(content));
  const { train, test } = content;
  const validation = fingerprint({ ...content, validation: test, test: train });
  assertNotEquals(validation, fingerprint({ ...content, validation: train, test }));
});
