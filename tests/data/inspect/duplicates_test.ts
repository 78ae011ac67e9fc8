import { assertEquals } from "@std/assert";
import { groupDuplicates, type ImageIdentity } from "../../../src/data/inspect/duplicates.ts";

const image = (part: ImageIdentity["part"], label: number, digest?: string): ImageIdentity => ({ part, label, digest });
const near = (first: number, second: number) => ({ first, second, correlation: 0.999 });

Deno.test("groupDuplicates() joins what is the same and what is near, leaks first, then conflicts", () => {
  const images = [
    image("train", 0, "a"),
    image("train", 0, "a"),
    image("train", 1, "b"),
    image("train", 2, "b"),
    image("train", 1, "c"),
    image("test", 1, "d"),
    image("validation", 1, "e"),
    image("train", 0, "f"),
    image("train", 0),
    image("train", 1),
  ];
  assertEquals(groupDuplicates(images, [near(4, 5), near(5, 6)]), [
    { kind: "near", images: [4, 5, 6], isLeak: true, isConflict: false },
    { kind: "exact", images: [2, 3], isLeak: false, isConflict: true },
    { kind: "exact", images: [0, 1], isLeak: false, isConflict: false },
  ]);
  assertEquals(groupDuplicates([], []), []);
});

Deno.test("groupDuplicates() makes one group of a long chain, quickly", () => {
  const images = Array.from({ length: 3000 }, (_, i) => image("train", 0, String(i)));
  const pairs = images.slice(1).map((_, i) => near(i, i + 1)).reverse();
  const groups = groupDuplicates(images, pairs);
  assertEquals(groups.map(({ images }) => images.length), [3000]);
});
