import { assertEquals, assertRejects, assertStringIncludes } from "@std/assert";
import { encodeIdx, openDataset } from "../../src/data/mod.ts";
import { readIdx } from "../../src/data/readers/idx.ts";
import { evaluate } from "../../src/pipelines/evaluate.ts";
import { RunError } from "../../src/run/mod.ts";
import { encodeModel, readModel } from "../../src/zoo/mod.ts";
import { randomGenotype } from "../../src/spaces/darts/genotype.ts";
import { runTraining, TINY } from "./_runs.ts";
import { zip } from "../data/readers/_listing.ts";
import { npy } from "../data/readers/_npy.ts";
import { inTrained } from "./_folder.ts";

Deno.test("evaluate() finds what the training found, with any number of threads", () =>
  inTrained(async ({ folder, trained, result }) => {
    for (const threads of [1, 2]) {
      const found = await evaluate({ from: trained, batch: 16, build: "strict", threads });
      assertEquals([found.testAccuracy, found.testLoss], [result.testAccuracy, result.testLoss]);
      assertEquals([found.parameters, found.macs], [result.parameters, result.macs]);
      // Pictures are for the run's report only.
      const { mistakes, ...test } = result.test!;
      assertEquals(found.test, { ...test, mistakes: mistakes.map(({ picture: _, ...mistake }) => mistake) });
      assertEquals([test.count, test.accuracy, test.loss], [found.count, found.testAccuracy, found.testLoss]);
    }
    await assertRejects(() => evaluate({ from: folder, batch: 16 }), RunError, "network.safetensors");
  }));

Deno.test("evaluate() compares names of classes: another order is the same, other names are refused", () =>
  inTrained(async ({ folder, data, trained, result }) => {
    const { classes } = await openDataset(data);
    const last = classes.length - 1;
    const other = `${folder}/other`;
    await Deno.mkdir(other);
    for (const part of ["train", "test"]) {
      await Deno.copyFile(`${data}/${part}-images.idx`, `${other}/${part}-images.idx`);
      const labels = await readIdx(`${data}/${part}-labels.idx`);
      const turned = { ...labels, data: labels.data.map((label) => last - label) };
      await Deno.writeFile(`${other}/${part}-labels.idx`, encodeIdx(turned));
    }
    const name = (classes: readonly string[]) => Deno.writeTextFile(`${other}/info.json`, JSON.stringify({ classes }));
    const options = { from: trained, data: other, batch: 16, build: "strict" } as const;
    await name(classes.toReversed());
    const found = await evaluate(options);
    assertEquals([found.testAccuracy, found.testLoss], [result.testAccuracy, result.testLoss]);
    assertEquals(found.test.confusion, result.test!.confusion);
    await name(["ten", ...classes.slice(1)]);
    await assertRejects(() => evaluate(options), RangeError, 'class "ten"');
    // Numbers are what classes without names are called: the labels count the names that the network knows.
    const words = classes.map((name) => `digit ${name}`);
    const from = `${folder}/named.safetensors`;
    await Deno.writeFile(from, await encodeModel({ ...await readModel(trained), classes: words }));
    const counted = await evaluate({ ...options, from, data });
    assertEquals(counted.testAccuracy, result.testAccuracy);
    assertEquals(counted.test.classes.map(({ name }) => name), words);
  }));

Deno.test("evaluate() warns where images that were learnt from may be tested on", () =>
  inTrained(async ({ folder, data }) => {
    const { classes } = await openDataset(data);
    const write = async (name: string, turn: number) => {
      const [images, labels] = [await readIdx(`${data}/train-images.idx`), await readIdx(`${data}/train-labels.idx`)];
      const size = images.data.length / labels.data.length;
      const turned = (bytes: Uint8Array, by: number) => Uint8Array.of(...bytes.subarray(by), ...bytes.subarray(0, by));
      const files = {
        "images.npy": npy("|u1", images.shape, turned(images.data, turn * size)),
        "labels.npy": npy("|u1", labels.shape, turned(labels.data, turn)),
        "info.json": JSON.stringify({ classes }),
      };
      await Deno.writeFile(`${folder}/${name}.npz`, zip(files));
      return `${folder}/${name}.npz`;
    };
    const [whole, turned] = [await write("whole", 0), await write("turned", 7)];
    const genotype = JSON.stringify(randomGenotype(1, 2));
    const from = `${folder}/split`;
    await runTraining(from, { data: whole, architecture: { genotype }, sizes: TINY.sizes });
    const warning = async (data?: string) => (await evaluate({ from, data, batch: 16 })).warning;
    assertEquals(await warning(), undefined);
    assertEquals(await warning(data), undefined);
    assertStringIncludes((await warning(turned))!, `${turned} sets no images apart`);
  }));
