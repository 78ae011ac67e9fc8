import { assertEquals, assertStringIncludes } from "@std/assert";
import { inTrained } from "../../pipelines/_folder.ts";
import { assertFails, rootstock, rootstockJson } from "../_command.ts";

Deno.test("export writes the network of a run in a format, once", () =>
  inTrained(async ({ folder, trained }) => {
    const out = `${folder}/cells.dot`;
    const args = ["export", "--from", trained, "--format"];
    assertEquals(await rootstock([...args, "dot", "--out", out]), { code: 0, out: `${out}\n`, error: "" });
    assertStringIncludes(await Deno.readTextFile(out), "digraph genotype {");
    const { file, format, bytes } = await rootstockJson([...args, "safetensors"]);
    assertEquals([file, format], [`${trained}/exported.safetensors`, "safetensors"]);
    assertEquals(bytes, (await Deno.stat(file)).size);
    await assertFails([...args, "dot", "--out", out], 1, [out, "exists already"]);
    await assertFails([...args, "png"], 2, ["--format", "safetensors", "dot"]);
    await assertFails(["export", "--from", trained], 2, ["--format is missing", "onnx, rootstock, safetensors, dot"]);
    await assertFails(["export", "--format", "dot"], 2, ["--from is missing"]);
  }));
