import { assert, assertEquals, assertThrows } from "@std/assert";
import {
  adaptSpace,
  choicesOf,
  defaultSizes,
  describeSizes,
  describeSpace,
  fitSpace,
  followImages,
  hasSameBody,
  hasSameChoices,
  hasSameSizes,
  makeSpace,
  pickSizes,
  pruneSpace,
  registerSpace,
  resizeSpace,
  sizesOf,
  wholeSpace,
} from "../../src/spaces/mod.ts";
import { LADDER } from "./_ladder.ts";

registerSpace(LADDER);
const IMAGES = { classes: 3, inputChannels: 1, height: 9, width: 9 } as const;
const SPACE = makeSpace({ name: "ladder", ...IMAGES });

Deno.test("makeSpace() completes the sizes of any kind", () => {
  assertEquals(SPACE as object, { name: "ladder", channels: 4, steps: 3, ...IMAGES });
  assertEquals(sizesOf(makeSpace({ name: "ladder", ...IMAGES }, { steps: 5 })), { channels: 4, steps: 5 });
  assertEquals(sizesOf(makeSpace({ name: "darts", ...IMAGES })), { channels: 8, cells: 5, nodes: 4 });
  assertThrows(() => makeSpace({ name: "ladder", ...IMAGES }, { steps: 0 }), RangeError, "steps is 0");
  assertThrows(
    () => makeSpace({ name: "ladder", ...IMAGES }, { cells: 3, steps: 2 }),
    RangeError,
    "Cannot size space ladder: it has no cells, expected channels, steps",
  );
  assertThrows(() => makeSpace({ name: "none", ...IMAGES }), TypeError, 'name is "none"');
});

Deno.test("pickSizes() takes the sizes of a kind out of other settings", () => {
  const options = { channels: 6, steps: 2, nodes: 4, cells: undefined, seed: 1 };
  assertEquals(pickSizes("ladder", options), { channels: 6, steps: 2 });
  assertEquals(pickSizes("darts", options), { channels: 6, nodes: 4 });
  assertEquals(defaultSizes("ladder", IMAGES), { channels: 4, steps: 3 });
});

Deno.test("describeSizes() says all sizes, or those that differ", () => {
  assertEquals(describeSizes(SPACE), "4 channels, 3 steps");
  assertEquals(describeSizes(SPACE, resizeSpace(SPACE, { steps: 4 })), "3 steps");
  assertEquals(describeSizes(SPACE, SPACE), "");
});

Deno.test("hasSameBody() looks at all but the images, hasSameSizes() at the sizes alone", () => {
  const other = fitSpace(SPACE, { classes: 7, inputChannels: 3, height: 12, width: 10 });
  assertEquals([other.classes, other.height], [7, 12]);
  assert(hasSameBody(SPACE, other) && hasSameSizes(SPACE, other));
  const pruned = pruneSpace(SPACE, new Float32Array(9), 2);
  assert(!hasSameBody(SPACE, pruned) && hasSameSizes(SPACE, pruned));
  assert(!hasSameSizes(SPACE, resizeSpace(SPACE, { channels: 5 })));
  assertEquals(wholeSpace(pruned), SPACE);
  assertEquals(describeSpace(pruned), "ladder, 2 a step");
});

Deno.test("followImages() changes a choice only where the images ask for another than the space's own did", () => {
  const darts = (side: number, sizes = {}) =>
    makeSpace({ name: "darts", classes: 3, inputChannels: 3, height: side, width: side }, sizes);
  const stem = (space: typeof SPACE, side: number) =>
    choicesOf(followImages(space, { height: side, width: side })).stem;
  assertEquals([darts(32), darts(64), darts(96), darts(224)].map((space) => choicesOf(space).stem), [
    "cifar",
    "stride2",
    "stride4",
    "imagenet",
  ]);
  const chosen = darts(96, { stem: "imagenet" });
  assertEquals([stem(chosen, 90), stem(chosen, 64), stem(chosen, 300), stem(darts(32), 33)], [
    "imagenet",
    "stride2",
    "imagenet",
    "cifar",
  ]);
  assertEquals(choicesOf(fitSpace(darts(96), { height: 32, width: 32 })), { stem: "stride4" });
  assertEquals([choicesOf(SPACE), followImages(SPACE, { height: 96 }).height], [{}, 96]);
  assertEquals(choicesOf({ name: "darts", stem: "cifar", epochs: 3 } as { name: string }), { stem: "cifar" });
  assert(hasSameSizes(darts(32), darts(96)) && !hasSameBody(darts(32), darts(96)));
  assert(!hasSameChoices(darts(32), darts(96)) && hasSameChoices(SPACE, SPACE));
  assertEquals(describeSizes(darts(32)), "8 channels, 5 cells, 4 nodes");
  assertEquals(describeSizes(darts(96)), "8 channels, 5 cells, 4 nodes, stem stride4");
  assertEquals(describeSizes(darts(32), darts(96)), "stem cifar");
});

Deno.test("adaptSpace() grants what a space can, and refuses the rest by name", () => {
  assertEquals(adaptSpace(SPACE), SPACE);
  const wide = adaptSpace(SPACE, { isWide: true });
  assert(!hasSameBody(SPACE, wide));
  assertEquals(wholeSpace(wide), SPACE);
  assertThrows(() => adaptSpace(SPACE, { share: 4 }), RangeError, "space ladder has no share, expected isWide");
  const darts = makeSpace({ name: "darts", ...IMAGES });
  assertThrows(
    () => adaptSpace(darts, { isWide: true }),
    RangeError,
    "Cannot build the supernet: space darts has no isWide, which the method asks for",
  );
});
