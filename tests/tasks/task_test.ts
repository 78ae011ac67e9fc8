import { assertEquals } from "@std/assert";
import { Engine } from "../../src/engine/mod.ts";
import { firstIndices, openTask } from "../../src/tasks/task.ts";
import { inDigits } from "../pipelines/_folder.ts";

Deno.test("openTask() normalises test images by the statistics of the training images", () =>
  inDigits(async (_, data) => {
    const engine = await Engine.start({ build: "strict", threads: 1 });
    try {
      const { train, test, trainIndices, testIndices } = await openTask(engine, data);
      assertEquals([trainIndices.length, testIndices.length], [96, 40]);
      assertEquals([test.mean, test.std], [train.mean, train.std]);
      assertEquals({ mean: train.mean, std: train.std }, train.images.statistics(trainIndices));
    } finally {
      engine.close();
    }
  }));

Deno.test("firstIndices() counts from 0", () => {
  assertEquals(firstIndices(3), Uint32Array.of(0, 1, 2));
});
