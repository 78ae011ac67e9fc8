import { assertEquals, assertRejects } from "@std/assert";
import { openDataset } from "../../src/data/mod.ts";
import { type FinetuneProgress, load, type Pixels } from "../../src/embed/mod.ts";
import { decodeNetwork } from "../../src/formats/mod.ts";
import { traditional, TRADITIONAL_DEFAULTS } from "../../src/pipelines/mod.ts";
import { Session } from "../../src/stages/mod.ts";
import { decodeModel } from "../../src/zoo/mod.ts";
import { writeDigits } from "../pipelines/_digits.ts";
import { drawWaves, NETWORK } from "./_pictures.ts";

const bytes = await Deno.readFile(NETWORK);

/** The training images of a dataset as a page has them. */
async function readPictures(
  path: string,
): Promise<{ pictures: Pixels[]; labels: string[]; classes: readonly string[] }> {
  const { train, height, width, classes } = await openDataset(path);
  const size = 3 * height * width;
  const pictures = Array.from({ length: train.count }, (_, image): Pixels => {
    const colours = train.pixels.read(image * size, (image + 1) * size);
    const data = new Uint8Array(4 * height * width).fill(255);
    for (let i = 0; i < size; i++) data[4 * Math.floor(i / 3) + i % 3] = colours[i]!;
    return { data, width, height };
  });
  return { pictures, labels: Array.from(train.labels, (label) => classes[label]!), classes };
}

Deno.test("finetune() gives the network that traditional gives with the same pictures and seed, bit for bit", async () => {
  const folder = await Deno.makeTempDir();
  try {
    const [target, out] = [`${folder}/hands`, `${folder}/run`];
    await writeDigits(target, { train: 41, test: 20, from: "sign-language-digits", name: "hands", step: 1 });
    const { source, finetuning, training } = TRADITIONAL_DEFAULTS;
    const configuration = {
      ...TRADITIONAL_DEFAULTS,
      target,
      source: { ...source, name: "gtsrb20" },
      finetuning: { ...finetuning, epochs: 2 },
      training: { ...training, epochs: 2 },
      seed: 3,
    };
    {
      await using session = await Session.start({ command: "traditional", out, configuration, build: "single" });
      await traditional(session, configuration);
    }
    const there = await decodeNetwork(await Deno.readFile(`${out}/network.safetensors`), { file: out });

    const { pictures, labels, classes } = await readPictures(target);
    const model = await load(bytes);
    const progress: FinetuneProgress[] = [];
    const options = { classes, epochs: 2, seed: 3, onProgress: (at: FinetuneProgress) => void progress.push(at) };
    const mine = await model.finetune(pictures, labels, options);
    const here = await decodeNetwork(await mine.save(), { file: "mine" });
    assertEquals(here.tensors, there.tensors);
    // The command line takes the file as its own.
    assertEquals((await decodeModel(await mine.save(), { file: "mine" })).classes, classes);
    const { space, genotype, mean, std } = there.description;
    assertEquals(here.description, { ...here.description, space, genotype, classes, mean, std });

    // 20 pictures learn in two steps of up to 16, then 41 in two of up to 32, twice.
    assertEquals(progress.map(({ stage, epoch }) => `${stage} ${epoch}`), [
      "head 0",
      ...["finetune", "train"].flatMap((stage) => [0.5, 1, 1, 1.5, 2, 2].map((epoch) => `${stage} ${epoch}`)),
    ]);
    assertEquals(progress.filter(({ accuracy }) => accuracy !== undefined).length, 3);
    const shares = progress.map(({ done }) => done);
    assertEquals([shares[0], shares.at(-1)], [0, 1]);
    assertEquals(shares, shares.toSorted((a, b) => a - b));

    assertEquals((await mine.predict(pictures[0]!)).length, 10);
    assertEquals((await model.predict(pictures[0]!)).length, 20);
    for (const each of [mine, model]) each.free();
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
});

const shades = [0, 20, 40, 60, 190, 210, 230, 250].map((grey): Pixels => {
  return { data: new Uint8Array(4 * 20 * 20).map((_, i) => i % 4 === 3 ? 255 : grey), width: 20, height: 20 };
});
const names = shades.map((_, i) => i < 4 ? "dark" : "bright");

Deno.test("finetune() without epochs fits a head to all pictures, and leaves the weights of the body alone", async () => {
  const model = await load(bytes);
  const mine = await model.finetune(shades, names, { epochs: 0, classes: ["dark", "bright"] });
  assertEquals(mine.classes, ["dark", "bright"]);
  const answers = await mine.predictBatch(shades, { top: 1 });
  assertEquals(answers.map(([first]) => first!.label), names);
  const [before, after] = await Promise.all(
    [model, mine].map(async (each) => (await decodeNetwork(await each.save(), { file: "x" })).tensors),
  );
  for (const [name, { data }] of before!) {
    if (!/^classifier|running_|num_batches/.test(name)) assertEquals(after!.get(name)!.data, data, name);
  }
  for (const each of [mine, model]) each.free();
});

Deno.test("finetune() ends when its signal is aborted, and leaves the model as it was", async () => {
  const model = await load(bytes);
  const before = await model.logits([drawWaves(32, 32)]);
  const stop = new AbortController();
  let told = 0;
  const onProgress = () => {
    told++;
    if (told === 3) stop.abort(new Error("enough"));
  };
  const options = { onProgress, signal: stop.signal };
  await assertRejects(() => model.finetune(shades, names, options), Error, "enough");
  assertEquals(told, 3);
  await assertRejects(() => model.finetune(shades, names, options), Error, "enough");
  assertEquals(await model.logits([drawWaves(32, 32)]), before);
  model.free();
});

Deno.test("finetune() says what does not fit", async () => {
  const model = await load(bytes);
  const refuses = (message: string, labels: string[], options: object = {}) =>
    assertRejects(() => model.finetune(shades, labels, options), RangeError, message);
  await refuses("found 2 labels for 8 pictures", ["a", "b"]);
  await refuses("found 1 classes, expected at least 2", names.map(() => "a"));
  await refuses('found the label "bright"', names, { classes: ["dark", "light"] });
  await refuses('found no picture of "light"', names, { classes: ["dark", "bright", "light"] });
  await refuses("found a class twice", names, { classes: ["dark", "dark", "bright"] });
  await refuses("found 1.5 epochs", names, { epochs: 1.5 });
  await refuses("found the seed -1", names, { seed: -1 });
  await assertRejects(() => model.finetune(shades.slice(0, 3), ["a", "b", "a"]), RangeError, "expected at least 4");
  model.free();
});
