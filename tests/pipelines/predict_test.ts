import { assert, assertEquals, assertRejects } from "@std/assert";
import { openDataset } from "../../src/data/mod.ts";
import { predict, type Prediction, type PredictOptions } from "../../src/pipelines/predict.ts";
import { inTrained } from "./_folder.ts";
import { writePictures } from "./_pictures.ts";

async function collect(options: PredictOptions): Promise<Prediction[]> {
  const answers = await Array.fromAsync(predict(options));
  return answers.map((answer) => {
    assert(!("error" in answer), JSON.stringify(answer));
    return answer;
  });
}

Deno.test("predict() agrees with the test accuracy and ranks probabilities that add up to 1", () =>
  inTrained(async ({ data, trained, result }) => {
    const options = { from: trained, pictures: [], data, top: 10, batch: 16, build: "strict" } as const;
    const predictions = await collect(options);
    const { test, classes } = await openDataset(data);
    const right = predictions.filter((found, i) => found.class === classes[test.labels[i]!]).length;
    assertEquals(right / test.count, result.testAccuracy);
    for (const { top, probability } of predictions) {
      assert(top.every((entry, i) => i === 0 || entry.probability <= top[i - 1]!.probability));
      assert(Math.abs(top.reduce((sum, entry) => sum + entry.probability, 0) - 1) < 1e-5);
      assertEquals(top[0]!.probability, probability);
    }
    await assertRejects(() => collect({ ...options, data: "sign-language-digits" }), RangeError, "3 channels");
  }));

Deno.test("predict() says of pictures in files what it says of the same images in a dataset, whatever the batch", () =>
  inTrained(async ({ folder, data, trained }) => {
    const options = { from: trained, top: 3, build: "strict" } as const;
    const expected = await collect({ ...options, pictures: [], data, batch: 16 });
    const paths = await writePictures(data, `${folder}/pictures`, 40);
    for (const batch of [7, 64]) {
      const found = await collect({ ...options, pictures: paths, batch });
      assertEquals(found.map(({ image }) => image), paths);
      assertEquals(found.map(({ top }) => top), expected.map(({ top }) => top));
    }
    assertEquals(await collect({ ...options, pictures: [`${data}/test-images.idx`], batch: 16 }), expected);
  }));

Deno.test("predict() takes one picture for a picture, whatever its folder is called", () =>
  inTrained(async ({ folder, data, trained }) => {
    const [picture] = await writePictures(data, `${folder}/ubyte-idx`, 1);
    const options = { from: trained, top: 1, batch: 2, build: "strict" } as const;
    assertEquals((await collect({ ...options, pictures: [picture!] })).map(({ image }) => image), [picture!]);
  }));

Deno.test("predict() answers the others when a picture cannot be read, in order, and takes pictures in memory", () =>
  inTrained(async ({ folder, data, trained }) => {
    const paths = await writePictures(data, `${folder}/pictures`, 3);
    await Deno.writeTextFile(`${folder}/broken.png`, "no picture");
    const bytes = await Deno.readFile(paths[0]!);
    const pictures = [`${folder}/absent.png`, paths[1]!, `${folder}/broken.png`, { name: "given", bytes }, folder];
    const options = { from: trained, pictures, top: 1, batch: 2, build: "strict" } as const;
    const answers = await Array.fromAsync(predict(options));
    assertEquals(answers.map(({ image }) => image), pictures.map((one) => typeof one === "string" ? one : one.name));
    assertEquals(answers.map((answer) => "error" in answer), [true, false, true, false, true]);
    for (const answer of answers) {
      if (!("error" in answer)) continue;
      assert(answer.error.includes(answer.image) && !answer.error.includes("\n"), answer.error);
    }
    const broken = { ...options, pictures: [`${folder}/broken.png`] };
    assertEquals((await Array.fromAsync(predict(broken))).length, 1);
    await assertRejects(() => Array.fromAsync(predict({ ...options, from: `${folder}/nothing` })), Error, "nothing");
  }));
