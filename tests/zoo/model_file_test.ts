import { assertEquals, assertRejects } from "@std/assert";
import { readModel } from "../../src/zoo/model_file.ts";
import { FormatError } from "../../src/formats/mod.ts";
import { RunError } from "../../src/run/mod.ts";
import { inTrained } from "../pipelines/_folder.ts";

Deno.test("readModel() reads what a training wrote, by run or by file", () =>
  inTrained(async ({ data, trained, result }) => {
    const model = await readModel(trained);
    assertEquals([model.data, model.classes.length, model.mean.length], [data, 10, 1]);
    assertEquals(model.genotype, result.genotype);
    assertEquals((await readModel(`${trained}/network.safetensors`)).space, model.space);
  }));

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
