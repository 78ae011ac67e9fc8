import { assertEquals, assertRejects } from "@std/assert";
import { loadOnnxRuntime } from "../../src/onnx/runtime.ts";
import { RunError } from "../../src/run/mod.ts";
import { fetchOnnxRuntime } from "./_onnxruntime.ts";

Deno.test("loadOnnxRuntime() says how to fetch the library where it is missing", async () => {
  const folder = "runs/tests/nowhere";
  const message = `found no onnxruntime-web in ${folder}, fetch it with: deno task onnxruntime`;
  await assertRejects(() => loadOnnxRuntime(folder), RunError, message);
});

Deno.test("loadOnnxRuntime() fetched the version that is named in tools/", async () => {
  await fetchOnnxRuntime();
  const read = async (file: string) => JSON.parse(await Deno.readTextFile(new URL(file, import.meta.url)));
  const { imports } = await read("../../tools/onnxruntime.json");
  const { version } = await read("../../runs/onnxruntime/node_modules/onnxruntime-web/package.json");
  assertEquals(imports, { "onnxruntime-web": `npm:onnxruntime-web@${version}` });
});
