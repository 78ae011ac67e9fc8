import { assert, assertEquals, assertRejects } from "@std/assert";
import { encode } from "fast-png";
import { fileURLToPath } from "node:url";
import { decodeNetwork } from "../../src/formats/mod.ts";
import { load, type Pixels } from "../../src/embed/mod.ts";
import { predict } from "../../src/pipelines/mod.ts";
import { drawWaves, NETWORK } from "./_pictures.ts";

const bytes = await Deno.readFile(NETWORK);
const pictures = [[32, 32], [50, 40], [31, 97], [200, 120], [1, 1]].map(([w, h], i) => drawWaves(w!, h!, i));

function encodePng({ data, width, height }: Pixels): Uint8Array<ArrayBuffer> {
  return encode({ data: new Uint8Array(data), width, height, channels: 4 }) as Uint8Array<ArrayBuffer>;
}

/** What the command line says of pictures. */
async function predictThere(): Promise<unknown[]> {
  const named = pictures.map((picture, i) => ({ name: String(i), bytes: encodePng(picture) }));
  const options = { from: fileURLToPath(NETWORK), pictures: named, top: 4, batch: 2, build: "single" } as const;
  const answers: unknown[] = [];
  for await (const answer of predict(options)) {
    assert("top" in answer);
    answers.push(answer.top.map(({ class: label, probability }) => ({ label, probability })));
  }
  return answers;
}

Deno.test("predictBatch() answers as the command line does, bit for bit, and predict() as predictBatch()", async () => {
  const model = await load(bytes);
  const answers = await model.predictBatch(pictures, { top: 4 });
  assertEquals(answers as unknown[], await predictThere());
  for (const [i, picture] of pictures.entries()) assertEquals(await model.predict(picture, { top: 4 }), answers[i]);
  const sum = (await model.predict(pictures[1]!)).reduce((total, { probability }) => total + probability, 0);
  assert(Math.abs(sum - 1) < 1e-12);
  assertEquals(await model.predictBatch([]), []);
  model.free();
});

Deno.test("logits() are the same for any number of pictures", async () => {
  const model = await load(bytes);
  const many = Array.from({ length: 70 }, (_, i) => pictures[i % pictures.length]!);
  const rows = await model.logits(many);
  assertEquals(rows.length, 70);
  for (const i of [0, 3, 63, 64, 69]) assertEquals((await model.logits([many[i]!]))[0], rows[i]);
  model.free();
});

Deno.test("predict() refuses what is no number of classes", async () => {
  const model = await load(bytes);
  for (const top of [0, 1.5, NaN]) {
    await assertRejects(() => model.predict(pictures[0]!, { top }), RangeError, `top is ${top}`);
  }
  model.free();
});

Deno.test("save() gives what was loaded, and smaller files that say nearly the same", async () => {
  const model = await load(bytes);
  const whole = await model.save();
  const [before, after] = await Promise.all([bytes, whole].map((each) => decodeNetwork(each, { file: "x" })));
  assertEquals(after!.tensors, before!.tensors);
  assertEquals(after!.description.classes, before!.description.classes);
  const again = await load(whole);
  assertEquals(await again.save(), whole);
  again.free();
  const small = await model.save({ precision: "f16" });
  const copy = await load(small);
  const [[own], [other]] = [await model.logits(pictures.slice(0, 1)), await copy.logits(pictures.slice(0, 1))];
  assert(own!.every((logit, i) => Math.abs(logit - other![i]!) < 0.05));
  assert(small.length < 0.6 * bytes.length);
  copy.free();
  model.free();
});
