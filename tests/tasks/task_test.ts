import { assertAlmostEquals, assertEquals, assertNotEquals, assertRejects } from "@std/assert";
import { openDataset } from "../../src/data/mod.ts";
import { Engine, ProgramBuilder } from "../../src/engine/mod.ts";
import {
  balancedWeights,
  BatchOrder,
  batchSource,
  batchSources,
  everyImage,
  firstIndices,
} from "../../src/batches/mod.ts";
import { openTask, type Task, trainingImages } from "../../src/tasks/mod.ts";
import { writeSources } from "../pipelines/_sources.ts";

/** Runs a test with an engine and two small datasets. */
async function inSources(test: (engine: Engine, folders: { digits: string; hands: string }) => Promise<void>) {
  const folder = await Deno.makeTempDir();
  const engine = await Engine.start({ build: "strict", threads: 1 });
  try {
    await test(engine, await writeSources(folder, { step: 1 }));
  } finally {
    engine.close();
    await Deno.remove(folder, { recursive: true });
  }
}

Deno.test("openTask() of one dataset is that dataset", () =>
  inSources(async (engine, { digits }) => {
    const { datasets: [dataset], classes, height, width, channels, train } = await openTask(engine, [digits]);
    assertEquals([classes, height, width, channels], [dataset!.classes, 28, 28, 1]);
    assertEquals([train.count, train.parts.length], [64, 1]);
    assertEquals(train.parts[0]!.labels, dataset!.train.labels);
  }));

Deno.test("openTask() has another fingerprint when images may be varied in another way, or classes change places", () =>
  inSources(async (engine, { digits }) => {
    const { fingerprint, classes } = await openTask(engine, [digits]);
    const info = JSON.parse(await Deno.readTextFile(`${digits}/info.json`).catch(() => "{}"));
    const seen = new Set([fingerprint]);
    for (
      const changes of [
        { augmentation: { cropPadding: 3, flip: false, cutout: 0 } },
        { augmentation: { cropPadding: 3, flip: true, cutout: 0 } },
        { augmentation: { cropPadding: 3, flip: true, cutout: 5 } },
        { augmentation: { cropPadding: 0, flip: true, cutout: 0, cropScale: 0.5 } },
        {
          augmentation: {
            cropPadding: 0,
            flip: true,
            cutout: 0,
            jitter: { brightness: 0.5, contrast: 0, saturation: 0 },
          },
        },
        { classes: [...classes].reverse() },
      ]
    ) {
      await Deno.writeTextFile(`${digits}/info.json`, JSON.stringify({ ...info, ...changes }));
      seen.add((await openTask(engine, [digits])).fingerprint);
    }
    assertEquals(seen.size, 7);
    await Deno.writeTextFile(`${digits}/info.json`, JSON.stringify({ ...info, description: "other words" }));
    assertEquals((await openTask(engine, [digits])).fingerprint, fingerprint);
  }));

Deno.test("openTask() normalises test images by the statistics of the training images, and loads them when asked for", () =>
  inSources(async (engine, { digits }) => {
    const task = await openTask(engine, [digits]);
    assertEquals(engine.imageStores().size, 1);
    const { train, test } = task;
    assertEquals([engine.imageStores().size, task.test === test], [2, true]);
    assertEquals([train.count, test.count], [64, 20]);
    const { mean, std } = train.parts[0]!;
    assertEquals([test.parts[0]!.mean, test.parts[0]!.std], [mean, std]);
    assertEquals({ mean, std }, train.images.statistics(firstIndices(64)));
  }));

Deno.test("openTask() brings datasets to one size, in colour if one is, each with its own classes", () =>
  inSources(async (engine, { digits, hands }) => {
    const { classes, height, width, channels, train, test, datasets } = await openTask(engine, [digits, hands]);
    assertEquals([height, width, channels], [28, 28, 3]);
    assertEquals([classes.length, classes[0], classes[10]], [20, "few-digits/0", "few-hands/0"]);
    assertEquals(train.parts.map((part) => [part.classes, part.labels.length]), [[10, 64], [10, 40]]);
    assertEquals(test.parts.map(({ first, labels }) => [first, labels.length]), [[0, 20], [20, 20]]);
    assertEquals(train.images.count, 104);
    const { labels, parts } = batchSource(train, firstIndices(104), { seed: 0, epoch: 0 });
    assertEquals([Math.max(...labels!.slice(0, 64)), Math.min(...labels!.slice(64))], [9, 10]);
    assertEquals(parts!.of.lastIndexOf(0), 63);
    assertEquals(datasets.map(({ name }) => name), ["few-digits", "few-hands"]);
  }));

Deno.test("openTask() normalises and varies each dataset as its own", () =>
  inSources(async (engine, { digits, hands }) => {
    const { train: { parts: [first, second] } } = await openTask(engine, [digits, hands]);
    const alone = await openDataset(digits);
    const grey = engine.loadImages(alone.train.pixels.read(0, alone.train.pixels.length), { ...alone, count: 64 })
      .statistics(firstIndices(64));
    for (const value of first!.mean) assertAlmostEquals(value, grey.mean[0]!, 1e-12);
    assertEquals(first!.augment, { cropPadding: 2, flip: false, cutout: 0 });
    // In pixels of the larger size.
    assertEquals(second!.augment, { cropPadding: 2, flip: true, cutout: 5 });
  }));

Deno.test("openTask() tells datasets and their order apart by their fingerprint", () =>
  inSources(async (engine, { digits, hands }) => {
    const fingerprintOf = async (...names: string[]) => (await openTask(engine, names)).fingerprint;
    assertEquals(await fingerprintOf(digits, hands), await fingerprintOf(digits, hands));
    assertNotEquals(await fingerprintOf(digits, hands), await fingerprintOf(hands, digits));
    assertNotEquals(await fingerprintOf(digits), await fingerprintOf(hands));
  }));

Deno.test("openTask() refuses the same images twice, whatever they are called", () =>
  inSources(async (engine, { digits }) => {
    const twice = () => openTask(engine, [digits, `${digits}/.`]);
    await assertRejects(twice, RangeError, "holds the images of few-digits again");
  }));

Deno.test("openTask() streams what does not fit a quarter of the memory, and batches stay the same bits", () =>
  inSources(async (engine, { digits, hands }) => {
    // 144 images of 28×28 in colour.
    const bytes = 144 * 28 * 28 * 3;
    const [resident, fitting, streamed] = [
      await openTask(engine, [digits, hands]),
      await openTask(engine, [digits, hands], { memoryBytes: 4 * bytes }),
      await openTask(engine, [digits, hands], { memoryBytes: 4 * bytes - 1 }),
    ];
    const isStreamed = ({ train, test }: Task) =>
      [train, test].map(({ images }) => images.place(Uint32Array.of(0)).keys.length === 1);
    assertEquals([resident, fitting, streamed].map(isStreamed), [[false, false], [false, false], [true, true]]);
    assertEquals(trainOn(engine, streamed), trainOn(engine, resident));
  }));

/** What four steps on batches across both datasets leave of a small network, and an evaluation on test images. */
function trainOn(engine: Engine, { train, test }: Task) {
  const builder = new ProgramBuilder({ height: 28, width: 28, channels: 3 });
  const layer = { out: 8, kernel: 3, stride: 2, padding: 1, relu: false, weight: "stem" };
  const features = builder.globalAveragePool([builder.convolution(builder.image, layer)]);
  builder.classifier(features, { weight: "w", bias: "b", classes: 20, groups: [10, 10] });
  const network = engine.compile(builder.build(0), { batch: 24 });
  network.initialise(5);
  const order = new BatchOrder(engine, everyImage(firstIndices(104)), { batch: 24, seed: 2 });
  const losses = [...batchSources(train, order, { epoch: 1, count: 5, augment: {}, seed: 4 })].map((source) => {
    const { loss } = network.backward(source, { weightGradients: true });
    network.sgdStep({ learningRate: 0.1, momentum: 0.9, weightDecay: 0, clip: 5 });
    return loss;
  });
  const evaluation = network.forward(batchSource(test, firstIndices(24), { seed: 0, epoch: 0 }), { training: false });
  const left = { losses, evaluation, logits: network.logits(), weights: network.read("stem"), parts: train.parts };
  network.free();
  return left;
}

Deno.test("openTask() weighs the classes of each dataset if they are to count alike", () =>
  inSources(async (engine, { digits, hands }) => {
    const { objective, train } = await openTask(engine, [digits, hands], { classWeights: "balanced" });
    assertEquals(objective.classWeights, balancedWeights(train.parts));
    assertEquals((await openTask(engine, [digits], { classWeights: "none" })).objective.classWeights, undefined);
  }));

Deno.test("openTask() varies all datasets by a named row if one is given, and says what is minimised", () =>
  inSources(async (engine, { digits, hands }) => {
    const plain = await openTask(engine, [digits, hands]);
    assertEquals(plain.objective, { classWeights: undefined, labelSmoothing: undefined, mixing: undefined });
    const options = { augment: "light", labelSmoothing: 0.1, cutmix: 0.5 } as const;
    const { objective, train, fingerprint } = await openTask(engine, [digits, hands], options);
    assertEquals(objective, { classWeights: undefined, labelSmoothing: 0.1, mixing: { mixup: 0, cutmix: 0.5 } });
    const [first, second] = train.parts.map(({ augment }) => augment);
    assertEquals([first, second], [{ cropPadding: 4, flip: true, cutout: 0 }, first]);
    assertNotEquals(fingerprint, plain.fingerprint, "a run is not resumed with another variation");
  }));

Deno.test("trainingImages() are all of a task, or those that epochs have of each dataset", () =>
  inSources(async (engine, { digits, hands }) => {
    const task = await openTask(engine, [digits, hands], { shares: { sampling: "balanced", imagesPerEpoch: 30 } });
    const drawn = trainingImages(engine, task, 1).at(0);
    assertEquals([drawn.length, drawn.filter((index) => index < 64).length], [30, 15]);
    const all = trainingImages(engine, { train: task.train }, 1);
    assertEquals([all.count, all.at(3)], [104, everyImage(firstIndices(104)).at(0)]);
  }));
