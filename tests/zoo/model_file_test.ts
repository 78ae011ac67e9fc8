import { assertEquals, assertRejects, assertThrows } from "@std/assert";
import { DEFAULT_IMPORT } from "../../src/data/mod.ts";
import { decodeModel, encodeModel, type Model, readModel } from "../../src/zoo/model_file.ts";
import { FormatError } from "../../src/formats/mod.ts";
import { RunError } from "../../src/run/mod.ts";
import { toyModel } from "../export/_model.ts";
import { inTrained } from "../pipelines/_folder.ts";

Deno.test("readModel() reads what a training wrote, by run or by file", () =>
  inTrained(async ({ data, trained, result }) => {
    const model = await readModel(trained);
    assertEquals([model.data, model.classes.length, model.mean.length], [data, 10, 1]);
    assertEquals(model.genotype, result.genotype);
    assertEquals((await readModel(`${trained}/network.safetensors`)).space, model.space);
  }));

Deno.test("readModel() knows how pictures became images, also of files that do not say so", () => {
  const model = { ...toyModel(), images: { ...DEFAULT_IMPORT, side: 64, fit: "pad" as const } };
  const file = "m.safetensors";
  assertEquals(decodeModel(encodeModel(model), { file }).images, { ...model.images, channels: undefined });
  const { images: _, ...old } = model;
  const found = decodeModel(encodeModel(old as Model), { file }).images;
  assertEquals(found, { ...DEFAULT_IMPORT, side: undefined, channels: undefined });
  const hostile = { ...model, images: { ...model.images, side: 1e9 } };
  assertThrows(() => decodeModel(encodeModel(hostile), { file }), RunError, "m.safetensors: ");
});

Deno.test("readModel() refuses a file that is cut or holds something else", () =>
  inTrained(async ({ folder, trained }) => {
    const bytes = await Deno.readFile(`${trained}/network.safetensors`);
    for (let length = 0; length < bytes.length; length += 1024) {
      await Deno.writeFile(`${folder}/cut.safetensors`, bytes.subarray(0, length));
      await assertRejects(() => readModel(`${folder}/cut.safetensors`), FormatError, "cut.safetensors");
    }
    const checkpoint = `${trained}/checkpoint.safetensors`;
    await assertRejects(() => readModel(checkpoint), RunError, "expected rootstock-network-1");
  }));
