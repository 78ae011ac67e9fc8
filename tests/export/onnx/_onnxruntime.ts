import { assert } from "@std/assert";
import { fileURLToPath } from "node:url";
import { loadOnnxRuntime, type OpenOnnx } from "../../../src/export/onnx/runtime.ts";

const ROOT = fileURLToPath(new URL("../../../", import.meta.url));

/** Folder of onnxruntime-web, which is fetched by the first test that asks for it. */
export const RUNTIME = `${ROOT}runs/onnxruntime`;

/** onnxruntime-web, ready to open files. */
export async function onnxRuntime(): Promise<OpenOnnx> {
  const isThere = await Deno.stat(`${RUNTIME}/node_modules/onnxruntime-web`).then(() => true, () => false);
  if (!isThere) {
    const { success, stderr } = await new Deno.Command(Deno.execPath(), {
      args: ["task", "--quiet", "onnxruntime"],
      cwd: ROOT,
      stdout: "null",
      stderr: "piped",
    }).output();
    assert(success, new TextDecoder().decode(stderr));
  }
  return await loadOnnxRuntime(RUNTIME);
}
