import { assert, assertEquals, assertThrows } from "@std/assert";
import { assembleDataset } from "../../src/data/assemble.ts";
import { countClasses } from "../../src/data/labels.ts";
import { DataError, DEFAULT_IMPORT, type RawDataset, type RawPart } from "../../src/data/mod.ts";

/** Images of 8x8 pixels, each of one value; labels 0, 1, 0, 1 … */
function part(name: string, count: number, changes: Partial<RawPart> = {}): RawPart {
  return {
    pixels: Uint8Array.from({ length: count * 64 }, (_, i) => i >> 6),
    count,
    height: 8,
    width: 8,
    channels: 1,
    labels: Uint8Array.from({ length: count }, (_, i) => i & 1),
    origin: { images: `in/${name}.images`, labels: `in/${name}.labels` },
    ...changes,
  };
}

const raw: RawDataset = { train: part("train", 40), test: part("test", 4), info: {}, infoOrigin: "in/about" };

Deno.test("assembleDataset() keeps all parts apart", () => {
  const { train, validation, test, name } = assembleDataset(
    { ...raw, validation: part("val", 6) },
    "in",
  );
  assertEquals([train.count, validation?.count, test.count, name], [40, 6, 4, "in"]);
});

Deno.test("assembleDataset() sets a fifth of each class apart for tests where there are none, always the same", () => {
  const { train, test, classes, fingerprint } = assembleDataset({ ...raw, test: undefined }, "in");
  assertEquals([train, test].map(({ labels }) => countClasses(labels, classes.length)), [[16, 16], [4, 4]]);
  // The value of an image is its number.
  const numbers = [train, test].map(({ pixels, count }) =>
    Array.from({ length: count }, (_, i) => pixels.read(64 * i, 64 * i + 1)[0]!)
  );
  assertEquals(numbers.flat().sort((a, b) => a - b), Array.from({ length: 40 }, (_, i) => i));
  for (const split of [train, test]) {
    split.labels.forEach((label, i) => assertEquals(label, split.pixels.read(64 * i, 64 * i + 1)[0]! & 1));
  }
  assertEquals(assembleDataset({ ...raw, test: undefined }, "in").fingerprint, fingerprint);
  const few = { ...raw, train: part("train", 4), test: undefined };
  assertThrows(
    () => assembleDataset(few, "in"),
    DataError,
    "in: found no test images and 4 others, expected at least 5",
  );
});

Deno.test("assembleDataset() sets apart what is asked for, and never the only image of a class", () => {
  const open = (testPortion: number, splitSeed = 0, train = raw.train) =>
    assembleDataset({ ...raw, train, test: undefined }, "in", {
      images: { ...DEFAULT_IMPORT, testPortion, splitSeed },
    });
  assertEquals([open(0.5).test.count, open(0.1).test.count], [20, 4]);
  assertEquals(open(0.2, 0).fingerprint, assembleDataset({ ...raw, test: undefined }, "in").fingerprint);
  assert(open(0.2, 1).fingerprint !== open(0.2, 0).fingerprint);
  for (const [portion, what] of [[0.001, "to test on"], [0.999, "to learn from"]] as const) {
    assertThrows(() => open(portion), DataError, `a test portion of ${portion} of its 40 images leaves none ${what}`);
  }
  // Classes 2 to 5 have a single image.
  const labels = Uint8Array.from({ length: 40 }, (_, i) => i < 4 ? 2 + i : i & 1);
  for (const portion of [0.2, 0.5, 0.9]) {
    const { train, test } = open(portion, 0, part("train", 40, { labels }));
    assertEquals(countClasses(train.labels, 6).slice(2), [1, 1, 1, 1], `portion ${portion}`);
    assertEquals(train.count + test.count, 40);
  }
});

Deno.test("assembleDataset() checks whatever a reader returns, and names where it comes from", () => {
  const cases: [Partial<RawDataset>, string][] = [
    [{ test: part("test", 4, { height: 4, width: 16 }) }, "in/test.images: found images of 4x16"],
    [
      { test: part("test", 1, { height: 8, width: 32, pixels: new Uint8Array(256) }) },
      "test.images has images of 8x32x1",
    ],
    [{ validation: part("val", 3, { labels: Uint8Array.of(0, 1) }) }, "in/val.labels: found 2 labels, expected 3"],
    [{ validation: part("val", 2, { labels: Uint8Array.of(0, 2) }) }, "in/val.labels: label 2 of image 1"],
    [{ validation: part("val", 0) }, "in/val.images: it has zero images"],
    [{ train: part("train", 4, { channels: 2, width: 4 }) }, "in/train.images: found 2 channels"],
    [{ info: { classes: ["a", "\u001b[2J"] } }, 'in/about: "classes" is'],
    [{ info: { classes: ["a", "a"] } }, 'in/about: "classes" is'],
    [{ info: { test: 5 } }, 'in/about: "test" is 5, expected 4'],
    [{ info: { width: 9 } }, 'in/about: "width" is 9, expected 8'],
    [{ info: { augmentation: { cropPadding: 5, flip: true, cutout: 0 } } }, "in/about"],
  ];
  for (const [changes, words] of cases) {
    const error = assertThrows(() => assembleDataset({ ...raw, ...changes }, "in"), DataError);
    assert(error.message.includes(words), `"${error.message}" does not say "${words}"`);
  }
});
