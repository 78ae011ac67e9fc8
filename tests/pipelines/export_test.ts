import { assert, assertEquals, assertRejects, assertStringIncludes } from "@std/assert";
import { DataError } from "../../src/data/mod.ts";
import { FormatError, PRECISIONS } from "../../src/formats/mod.ts";
import { evaluate, exportModel } from "../../src/pipelines/mod.ts";
import { RunError } from "../../src/run/mod.ts";
import { readModel } from "../../src/zoo/mod.ts";
import { inTrained } from "./_folder.ts";

Deno.test("exportModel() writes a finished run's network beside it or where it is told to, and nothing over another file", () =>
  inTrained(async ({ folder, trained }) => {
    const file = `${trained}/exported.safetensors`;
    const written = await exportModel({ from: trained, format: "safetensors" });
    const { size: bytes } = await Deno.stat(file);
    const unrounded = { precision: "f32", accuracy: undefined, unmeasured: undefined } as const;
    assertEquals(written, { file, format: "safetensors", bytes, ...unrounded });
    await assertRejects(() => exportModel({ from: trained, format: "safetensors" }), RunError, "it exists already");
    const network = `${trained}/network.safetensors`;
    await assertRejects(() => exportModel({ from: trained, format: "dot", out: network }), RunError, network);
    // The run is as it was.
    await evaluate({ from: trained, batch: 16, build: "strict", threads: 1 });

    const dot = await exportModel({ from: network, format: "dot", out: `${folder}/cells.dot` });
    assertEquals((await Deno.readTextFile(dot.file)).startsWith("digraph genotype {\n"), true);
    assertEquals((await exportModel({ from: network, format: "dot" })).file, `${trained}/exported.dot`);
  }));

Deno.test("exportModel() writes .rootstock files in any precision, which eval reads and every format can be made of", () =>
  inTrained(async ({ folder, data, trained }) => {
    const sizes: number[] = [];
    for (const precision of PRECISIONS) {
      const out = `${folder}/${precision}.rootstock`;
      const about = { name: "digits", licence: "CC0-1.0" };
      const written = await exportModel({ from: trained, format: "rootstock", out, request: { precision }, about });
      sizes.push(written.bytes);
      const { testAccuracy, count } = await evaluate({ from: out, batch: 16, threads: 1 });
      const before = await evaluate({ from: trained, batch: 16, threads: 1 });
      const accuracy = precision === "f32" ? undefined : { count, before: before.testAccuracy, after: testAccuracy };
      assertEquals([written.accuracy, written.unmeasured], [accuracy, undefined]);
      const model = await readModel(out);
      assertEquals([model.about?.name, model.about?.licence], ["digits", "CC0-1.0"]);
      assertStringIncludes(model.about!.card!, "# digits\n\nTells apart 10 classes: ");
    }
    assert(sizes[0]! > sizes[1]! && sizes[1]! > sizes[2]!, String(sizes));
    const before = await Deno.readFile(`${folder}/f32.rootstock`);
    const again = `${folder}/again.rootstock`;
    await exportModel({ from: `${folder}/f32.rootstock`, format: "rootstock", out: again });
    assertEquals(await Deno.readFile(again), before);

    // Without its dataset it is written all the same, and nothing is said of accuracy.
    await Deno.remove(data, { recursive: true });
    const blind = await exportModel({
      from: trained,
      format: "rootstock",
      out: `${folder}/blind.rootstock`,
      request: { precision: "int8" },
    });
    assertEquals(blind.accuracy, undefined);
    assertStringIncludes(blind.unmeasured!, "What rounding does was not measured: ");
    const request = { precision: "int8" } as const;
    const out = `${folder}/blind.onnx`;
    await assertRejects(() => exportModel({ from: trained, format: "onnx", out, request }), DataError);
  }));

Deno.test("exportModel() says before writing what does not fit", () =>
  inTrained(async ({ folder, trained }) => {
    const out = `${folder}/out`;
    await assertRejects(() => exportModel({ from: trained, format: "onxx", out }), RangeError, '"onxx"');
    const f16 = { from: trained, format: "onnx", out, request: { precision: "f16" } } as const;
    await assertRejects(() => exportModel(f16), RangeError, "Cannot export onnx as f16: expected f32 or int8");
    await assertRejects(() => exportModel({ from: folder, format: "dot", out }), RunError, "no such file");
    await Deno.writeTextFile(`${folder}/broken.safetensors`, "broken");
    const from = `${folder}/broken.safetensors`;
    await assertRejects(() => exportModel({ from, format: "dot", out }), FormatError, from);
    await assertRejects(() => exportModel({ from: trained, format: "dot", out: `${folder}/absent/x.dot` }), RunError);
    await assertRejects(() => Deno.stat(out), Deno.errors.NotFound);
  }));
