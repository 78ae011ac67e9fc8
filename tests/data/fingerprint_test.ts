import { assert, assertEquals, assertNotEquals } from "@std/assert";
import { createHash } from "node:crypto";
import { fingerprint, type FingerprintContent, type Split } from "../../src/data/mod.ts";

const part = (count: number, first: number): Split => ({
  images: Uint8Array.from({ length: count * 8 * 9 }, (_, i) => first + i),
  labels: Uint8Array.from({ length: count }, (_, i) => i % 2),
  count,
});

const content: FingerprintContent = {
  classes: ["cat", "dög"],
  height: 8,
  width: 9,
  channels: 1,
  train: part(4, 0),
  test: part(2, 100),
};

/** The same part with one byte of images or labels turned. */
function turned(split: Split, field: "images" | "labels", place: number): Split {
  const bytes = split[field].slice();
  bytes[place]! ^= 1;
  return { ...split, [field]: bytes };
}

Deno.test("fingerprint() is what docs/formats.md says", () => {
  const header = `{"format":"rootstock-dataset-1","classes":["cat","dög"],"height":8,"width":9,"channels":1,` +
    `"normalisation":"mean and deviation of each channel over the training images","parts":[["train",4],["test",2]]}\n`;
  const hash = createHash("sha256").update(header);
  for (const { images, labels } of [content.train, content.test]) hash.update(images).update(labels);
  assertEquals(fingerprint(content), hash.digest("hex"));
});

Deno.test("fingerprint() is that of the content alone, not of the memory or the other properties around it", () => {
  const { images, labels, count } = content.train;
  const larger = new Uint8Array(images.length + 20);
  larger.set(images, 13);
  const train = { count, labels: labels.slice(), images: larger.subarray(13, 13 + images.length) };
  const named = { ...content, train, name: "other", licence: "CC0", validation: undefined };
  assertEquals(fingerprint(named), fingerprint(content));
});

Deno.test("fingerprint() differs for a pixel, a label, a class name, an order, a size, a part", () => {
  const { train, test } = content;
  const size = 8 * 9;
  const [first, second] = [train.images.subarray(0, size), train.images.subarray(size, 2 * size)];
  const swapped = train.images.slice();
  swapped.set(second, 0);
  swapped.set(first, size);
  const others: Partial<FingerprintContent>[] = [
    { train: turned(train, "images", 0) },
    { train: turned(train, "images", train.images.length - 1) },
    { test: turned(test, "images", 5) },
    { train: turned(train, "labels", 3) },
    { test: turned(test, "labels", 0) },
    { train: { ...train, images: swapped } },
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
  const both = new Uint8Array([...content.train.images, ...content.train.labels]);
  const divided = { images: both.subarray(0, 72), labels: both.subarray(72), count: 1 };
  assertNotEquals(fingerprint({ ...content, train: divided }), fingerprint(content));
  const { train, test } = content;
  const validation = fingerprint({ ...content, validation: test, test: train });
  assertNotEquals(validation, fingerprint({ ...content, validation: train, test }));
});
