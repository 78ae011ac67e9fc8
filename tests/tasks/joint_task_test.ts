import { assertAlmostEquals, assertEquals, assertRejects } from "@std/assert";
import { openDataset } from "../../src/data/mod.ts";
import { Engine } from "../../src/engine/mod.ts";
import { commonSize, openJointTask } from "../../src/tasks/joint_task.ts";
import { firstIndices } from "../../src/tasks/task.ts";
import { writeSources } from "../pipelines/_sources.ts";

const SHARES = { sampling: "balanced", validationImages: 10 } as const;

async function inSources(test: (engine: Engine, folders: { digits: string; hands: string }) => Promise<void>) {
  const folder = await Deno.makeTempDir();
  const engine = await Engine.start({ build: "strict", threads: 1 });
  try {
    await test(engine, await writeSources(folder));
  } finally {
    engine.close();
    await Deno.remove(folder, { recursive: true });
  }
}

Deno.test("openJointTask() brings datasets to one size, in colour if one is, each with its own classes", () =>
  inSources(async (engine, { digits, hands }) => {
    const { dataset, mixture, train, datasets } = await openJointTask(engine, [digits, hands], SHARES);
    assertEquals([dataset.height, dataset.width, dataset.channels], [28, 28, 3]);
    assertEquals([dataset.classes.length, dataset.classes[0], dataset.classes[10]], [
      20,
      "few-digits/0",
      "few-hands/0",
    ]);
    assertEquals(mixture.heads, [10, 10]);
    assertEquals(mixture.names, ["few-digits", "few-hands"]);
    assertEquals(mixture.members.map(({ length }) => length), [64, 40]);
    assertEquals(train.images.count, 104);
    const labels = Array.from(train.labels);
    assertEquals([Math.max(...labels.slice(0, 64)), Math.min(...labels.slice(64))], [9, 10]);
    assertEquals(datasets.map(({ name }) => name), ["few-digits", "few-hands"]);
  }));

Deno.test("openJointTask() normalises and varies each dataset as its own", () =>
  inSources(async (engine, { digits, hands }) => {
    const { train, augmentations } = await openJointTask(engine, [digits, hands], SHARES);
    const alone = await openDataset(digits);
    const grey = engine.loadImages(alone.train.images, { ...alone, count: 64 }).statistics(firstIndices(64));
    const [first, second] = train.parts!.preparations;
    for (const value of first!.mean) assertAlmostEquals(value, grey.mean[0]!, 1e-12);
    assertEquals(first!.augment, { cropPadding: 2, flip: false, cutout: 0 });
    // In pixels of the larger size.
    assertEquals(second!.augment, { cropPadding: 2, flip: true, cutout: 5 });
    assertEquals(augmentations, [first!.augment!, second!.augment!]);
    assertEquals(Array.from(train.parts!.of).lastIndexOf(0), 63);
  }));

Deno.test("openJointTask() refuses the same images twice, whatever they are called", () =>
  inSources(async (engine, { digits }) => {
    const twice = () => openJointTask(engine, [digits, `${digits}/.`], SHARES);
    await assertRejects(twice, RangeError, "holds the images of few-digits again");
  }));

Deno.test("commonSize() is that of most datasets, the largest among equals", () => {
  const size = (side: number) => ({ height: side, width: side });
  assertEquals(commonSize([size(28), size(64), size(32), size(28)]), size(28));
  assertEquals(commonSize([size(28), size(32)]), size(32));
  assertEquals(commonSize([{ height: 8, width: 12 }]), { height: 8, width: 12 });
});
