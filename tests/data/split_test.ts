import { assert, assertEquals, assertNotEquals, assertThrows } from "@std/assert";
import { countClasses } from "../../src/data/labels.ts";
import { embeddedNames, openDataset, pixelsInMemory, splitIndices, subset, takeImages } from "../../src/data/mod.ts";

// Uneven classes: 1, 2, 3, … images, out of order.
const uneven = Uint8Array.from(
  Array.from({ length: 12 }, (_, place) => new Array<number>(place + 1).fill((place * 5) % 12)).flat(),
);

Deno.test("splitIndices() puts every image into exactly one part, in ascending order", () => {
  for (const portion of [0.01, 0.1, 0.25, 0.5, 0.7, 0.99]) {
    for (const seed of [0, 1, 2 ** 40]) {
      const { first, second } = splitIndices(uneven, { seed, portion });
      assertEquals(first.length, Math.round(portion * uneven.length));
      assertEquals([...first, ...second].sort((a, b) => a - b), [...uneven.keys()]);
      for (const part of [first, second]) assertEquals(part, part.slice().sort());
    }
  }
});

Deno.test("splitIndices() gives each class its share to within one image", () => {
  for (const portion of [0.1, 0.5, 0.9]) {
    const { first } = splitIndices(uneven, { seed: 3, portion });
    const taken = countClasses(Uint8Array.from(first, (image) => uneven[image]!), 12);
    countClasses(uneven, 12).forEach((size, label) => {
      assert(Math.abs(taken[label]! - portion * size) < 1, `class ${label}: ${taken[label]} of ${size} at ${portion}`);
    });
  }
});

Deno.test("splitIndices() is fixed by its seed", () => {
  const split = (seed: number) => splitIndices(uneven, { seed, portion: 0.5 });
  assertEquals(split(7), split(7));
  assertNotEquals(split(7).first, split(8).first);
});

Deno.test("splitIndices() halves the embedded datasets class by class", async () => {
  for (const name of embeddedNames) {
    const { train, classes } = await openDataset(name);
    const { first, second } = splitIndices(train.labels, { seed: 0, portion: 0.5 });
    assertEquals(first.length + second.length, train.count);
    const [a, b] = [first, second].map((part) =>
      countClasses(Uint8Array.from(part, (i) => train.labels[i]!), classes.length)
    );
    a!.forEach((count, label) => assert(Math.abs(count - b![label]!) <= 1));
  }
});

Deno.test("splitIndices() refuses portions that leave a part empty", () => {
  for (const portion of [0, 1, -0.5, 1.5, NaN]) {
    assertThrows(() => splitIndices(uneven, { seed: 0, portion }), RangeError, `portion is ${portion}`);
  }
  assertThrows(() => splitIndices(uneven, { seed: 0, portion: 0.001 }), RangeError, "leave one part empty");
  assertThrows(() => splitIndices([], { seed: 0, portion: 0.5 }), RangeError, "leave one part empty");
});

Deno.test("subset() takes the same number of each class as far as there are so many", () => {
  for (const count of [1, 5, 12, 30, uneven.length - 1, uneven.length]) {
    const chosen = subset(uneven, { seed: 1, count });
    assertEquals(chosen.length, count);
    assertEquals(new Set(chosen).size, count);
    assertEquals(chosen, chosen.slice().sort());
    const taken = countClasses(Uint8Array.from(chosen, (image) => uneven[image]!), 12);
    const most = Math.max(...taken);
    countClasses(uneven, 12).forEach((size, label) => assert(taken[label]! >= Math.min(size, most - 1), `${taken}`));
  }
});

Deno.test("subset() with the same seed grows by adding images", () => {
  let smaller = new Set<number>();
  for (const count of [6, 12, 40, uneven.length]) {
    const chosen = new Set(subset(uneven, { seed: 9, count }));
    assert([...smaller].every((image) => chosen.has(image)));
    smaller = chosen;
  }
  assertNotEquals(subset(uneven, { seed: 9, count: 20 }), subset(uneven, { seed: 10, count: 20 }));
});

Deno.test("subset() refuses counts that cannot be", () => {
  for (const count of [0, -1, 1.5, uneven.length + 1]) {
    assertThrows(() => subset(uneven, { seed: 0, count }), RangeError, `count is ${count}`);
  }
});

Deno.test("takeImages() takes images and labels in the order asked for", () => {
  const split = { pixels: pixelsInMemory(Uint8Array.of(1, 2, 3, 4, 5, 6)), labels: Uint8Array.of(7, 8, 9), count: 3 };
  const taken = takeImages(split, Uint32Array.of(2, 0));
  assertEquals([...taken.pixels.read(0, taken.pixels.length)], [5, 6, 1, 2]);
  assertEquals([taken.labels, taken.count], [Uint8Array.of(9, 7), 2]);
});
