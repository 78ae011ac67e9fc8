import { assertEquals } from "@std/assert";
import { openDataset } from "../../src/data/mod.ts";
import { Engine } from "../../src/engine/mod.ts";
import { commonSize, joinImages, scaleAugmentation } from "../../src/tasks/join_images.ts";
import { inDigits } from "../pipelines/_folder.ts";

Deno.test("commonSize() is that of most datasets, the largest among equals, in colour if one is", () => {
  const size = (side: number, channels: 1 | 3 = 1) => ({ height: side, width: side, channels });
  assertEquals(commonSize([size(28), size(64), size(32), size(28)]), size(28));
  assertEquals(commonSize([size(28), size(32)]), size(32));
  assertEquals(commonSize([{ height: 8, width: 12, channels: 1 }]), { height: 8, width: 12, channels: 1 });
  assertEquals(commonSize([size(28), size(28), size(32, 3)]), size(28, 3));
});

Deno.test("joinImages() gives each dataset its place, and takes images of the size wanted as they are", () =>
  inDigits(async (_, data) => {
    const engine = await Engine.start({ build: "strict", threads: 1 });
    try {
      const dataset = await openDataset(data);
      const size = commonSize([dataset]);
      const { images, places } = joinImages(engine, [dataset, dataset], { part: "test", size });
      assertEquals(images.count, 80);
      assertEquals(places.map(({ first, firstClass, classes }) => [first, firstClass, classes]), [[0, 0, 10], [
        40,
        10,
        10,
      ]]);
      assertEquals(places[1]!.labels, dataset.test.labels);
      const alone = engine.loadImages(dataset.test.pixels.read(0, dataset.test.pixels.length), { count: 40, ...size });
      const indices = Uint32Array.of(0, 7, 39);
      assertEquals(images.statistics(indices.map((index) => 40 + index)), alone.statistics(indices));
    } finally {
      engine.close();
    }
  }));

Deno.test("scaleAugmentation() counts in pixels of the other size", () =>
  inDigits(async (_, data) => {
    const dataset = { ...await openDataset(data), augmentation: { cropPadding: 2, flip: true, cutout: 5 } };
    const to = (side: number) => scaleAugmentation(dataset, { height: side, width: side, channels: 1 });
    assertEquals(to(dataset.height), dataset.augmentation);
    assertEquals(to(2 * dataset.height), { cropPadding: 4, flip: true, cutout: 10 });
  }));
