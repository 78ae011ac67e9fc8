import { assertEquals } from "@std/assert";
import { imagesSeen } from "../../src/zoo/images_seen.ts";

Deno.test("imagesSeen() adds up what a pretraining continues, but for weights that began at random", () => {
  const first = { epochs: 10, imagesPerEpoch: 1000 };
  const second = { epochs: 2, imagesPerEpoch: 500, continues: first };
  assertEquals(imagesSeen(first), 10_000);
  assertEquals(imagesSeen(second), 11_000);
  assertEquals(imagesSeen({ ...second, prior: "alpha" }), 1000);
  assertEquals(imagesSeen({ epochs: 1, imagesPerEpoch: 1, continues: [first, second] }), 11_001);
});

Deno.test("imagesSeen() says nothing where a recipe does not", () => {
  assertEquals(imagesSeen({ epochs: 10 }), undefined);
  assertEquals(imagesSeen({ epochs: 1, imagesPerEpoch: 1, continues: { epochs: 10 } }), undefined);
});
