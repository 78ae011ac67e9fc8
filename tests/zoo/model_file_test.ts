import { assert, assertEquals, assertRejects, assertStringIncludes, assertThrows } from "@std/assert";
import { DEFAULT_IMPORT } from "../../src/data/mod.ts";
import { checkModel, decodeModel, encodeModel, type Model, MODEL_FILE, readModel } from "../../src/zoo/model_file.ts";
import { decodeSafetensors, encodeSafetensors, FormatError } from "../../src/formats/mod.ts";
import { RunError } from "../../src/run/mod.ts";
import { toyModel } from "../export/_model.ts";
import { forEachTrap } from "../run/_traps.ts";
import { inTrained } from "../pipelines/_folder.ts";

Deno.test("readModel() reads what a training wrote, by run or by file", () =>
  inTrained(async ({ data, trained, result }) => {
    const model = await readModel(trained);
    assertEquals([model.data, model.classes.length, model.mean.length], [data, 10, 1]);
    assertEquals(model.genotype, result.genotype);
    assertEquals((await readModel(`${trained}/network.safetensors`)).space, model.space);
  }));

Deno.test("readModel() knows how pictures became images, also of files that do not say so", async () => {
  const model = { ...toyModel(), images: { ...DEFAULT_IMPORT, side: 64, fit: "pad" as const } };
  const file = "m.safetensors";
  const decode = async (model: Model) => await decodeModel(await encodeModel(model), { file });
  assertEquals((await decode(model)).images, { ...model.images, channels: undefined });
  const { images: _, ...old } = model;
  const { images: found } = await decode(old as Model);
  assertEquals(found, { ...DEFAULT_IMPORT, side: undefined, channels: undefined });
  const hostile = { ...model, images: { ...model.images, side: 1e9 } };
  await assertRejects(() => decode(hostile), RunError, "m.safetensors: ");
});

Deno.test("readModel() refuses a file that is cut or holds something else", () =>
  inTrained(async ({ folder, trained }) => {
    const bytes = await Deno.readFile(`${trained}/network.safetensors`);
    for (let length = 0; length < bytes.length; length += 1024) {
      await Deno.writeFile(`${folder}/cut.safetensors`, bytes.subarray(0, length));
      await assertRejects(() => readModel(`${folder}/cut.safetensors`), FormatError, "cut.safetensors");
    }
    const checkpoint = `${trained}/checkpoint.safetensors`;
    await assertRejects(() => readModel(checkpoint), FormatError, "expected rootstock-network-1");
  }));

Deno.test("checkModel() names the tensor that is missing, of another shape, or not finite", () =>
  inTrained(async ({ trained }) => {
    const model = await readModel(trained);
    checkModel(model, "x");
    const change = (change: (state: Map<string, { shape: readonly number[]; data: Float32Array }>) => void) => () => {
      const state = new Map(model.state) as Map<string, { shape: readonly number[]; data: Float32Array }>;
      change(state);
      checkModel({ ...model, state }, "x");
    };
    assertThrows(change((state) => state.delete("stem.0.weight")), RunError, "Cannot read x: stem.0.weight is missing");
    const bias = { shape: [10], data: new Float32Array(10).fill(Infinity) };
    assertThrows(
      change((state) => state.set("classifier.bias", bias)),
      FormatError,
      "number 0 of classifier.bias is Inf",
    );
    const short = { shape: [9], data: new Float32Array(9) };
    assertThrows(change((state) => state.set("classifier.bias", short)), RunError, "has shape [9], expected [10]");
    const space = { ...model.space, nodes: 3 };
    assertThrows(() => checkModel({ ...model, space }, "x"), RunError, "Cannot read x: Cannot build network");
  }));

Deno.test("readModel() refuses numbers that are not finite, and a bit that was flipped anywhere", () =>
  inTrained(async ({ folder, trained }) => {
    const model = await readModel(trained);
    const file = `${folder}/changed.safetensors`;
    const bias = { shape: [10], data: new Float32Array(10) };
    for (const broken of [NaN, -Infinity]) {
      bias.data[3] = broken;
      await Deno.writeFile(
        file,
        await encodeModel({ ...model, state: new Map([...model.state, ["classifier.bias", bias]]) }),
      );
      await assertRejects(() => readModel(file), FormatError, `${file}: number 3 of classifier.bias is ${broken}`);
    }
    const bytes = await Deno.readFile(`${trained}/${MODEL_FILE}`);
    for (let place = 300; place < bytes.length; place += Math.ceil(bytes.length / 40)) {
      const damaged = bytes.slice();
      damaged[place]! ^= 1;
      await Deno.writeFile(file, damaged);
      const { message } = await assertRejects(() => readModel(file)) as Error;
      assertStringIncludes(message, `Cannot read ${file}: `);
    }
  }));

Deno.test("readModel() takes a file of an earlier version, which has no checksum", () =>
  inTrained(async ({ folder, trained }) => {
    const { tensors, metadata: { sha256, ...metadata } } = decodeSafetensors(
      await Deno.readFile(`${trained}/${MODEL_FILE}`),
      { file: trained },
    );
    assertEquals(sha256?.length, 64);
    await Deno.writeFile(`${folder}/old.safetensors`, encodeSafetensors(tensors, metadata));
    assertEquals(await readModel(`${folder}/old.safetensors`), await readModel(trained));
  }));

Deno.test("readModel() refuses a description that cannot be, in one line that names the file", () =>
  inTrained(async ({ folder, trained }) => {
    const file = `${folder}/changed.safetensors`;
    const { tensors, metadata: { format, model } } = decodeSafetensors(
      await Deno.readFile(`${trained}/${MODEL_FILE}`),
      { file: trained },
    );
    const told = JSON.parse(model!);
    const changes = [{ std: [0] }, { std: [] }, { mean: ["a"] }, { classes: [1] }, { classes: null }, { genotype: 3 }, {
      space: [],
    }, { data: 7 }];
    const texts = ["{", "3", "null", "[]", ...changes.map((change) => JSON.stringify({ ...told, ...change }))];
    for (const text of texts) {
      await Deno.writeFile(file, encodeSafetensors(tensors, { format: format!, model: text }));
      const error = await assertRejects(() => readModel(file)) as Error;
      assert(error instanceof RunError || error instanceof FormatError, error.stack);
      assertStringIncludes(error.message, `Cannot read ${file}: `);
    }
  }));

Deno.test("readModel() says why a run has no network, and refuses what is no file at once", () =>
  inTrained(async ({ folder, trained }) => {
    await assertRejects(() => readModel(`${folder}/nowhere`), RunError, "nowhere is no run");
    await Deno.remove(`${trained}/${MODEL_FILE}`);
    await assertRejects(() => readModel(trained), RunError, "the run made no network");
    await Deno.remove(`${trained}/result.json`);
    await assertRejects(() => readModel(trained), RunError, `the run is not finished, continue it with --resume`);
    await forEachTrap(`${trained}/${MODEL_FILE}`, async (word) => {
      await assertRejects(() => readModel(trained), RunError, word);
    });
  }));
