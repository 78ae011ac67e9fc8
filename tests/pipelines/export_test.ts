import { assertEquals, assertRejects } from "@std/assert";
import { FormatError } from "../../src/formats/mod.ts";
import { evaluate, exportModel } from "../../src/pipelines/mod.ts";
import { RunError } from "../../src/run/mod.ts";
import { inTrained } from "./_folder.ts";

Deno.test("exportModel() writes a finished run's network beside it or where it is told to, and nothing over another file", () =>
  inTrained(async ({ folder, trained }) => {
    const file = `${trained}/exported.safetensors`;
    const written = await exportModel({ from: trained, format: "safetensors" });
    assertEquals(written, { file, format: "safetensors", bytes: (await Deno.stat(file)).size });
    await assertRejects(() => exportModel({ from: trained, format: "safetensors" }), RunError, "it exists already");
    const network = `${trained}/network.safetensors`;
    await assertRejects(() => exportModel({ from: trained, format: "dot", out: network }), RunError, network);
    // The run is as it was.
    await evaluate({ from: trained, batch: 16, build: "strict", threads: 1 });

    const dot = await exportModel({ from: network, format: "dot", out: `${folder}/cells.dot` });
    assertEquals((await Deno.readTextFile(dot.file)).startsWith("digraph genotype {\n"), true);
    assertEquals((await exportModel({ from: network, format: "dot" })).file, `${trained}/exported.dot`);
  }));

Deno.test("exportModel() says before writing what does not fit", () =>
  inTrained(async ({ folder, trained }) => {
    const out = `${folder}/out`;
    await assertRejects(() => exportModel({ from: trained, format: "onxx", out }), RangeError, '"onxx"');
    await assertRejects(() => exportModel({ from: folder, format: "dot", out }), RunError, "no such file");
    await Deno.writeTextFile(`${folder}/broken.safetensors`, "broken");
    const from = `${folder}/broken.safetensors`;
    await assertRejects(() => exportModel({ from, format: "dot", out }), FormatError, from);
    await assertRejects(() => exportModel({ from: trained, format: "dot", out: `${folder}/absent/x.dot` }), RunError);
    await assertRejects(() => Deno.stat(out), Deno.errors.NotFound);
  }));
