import { assert } from "@std/assert";
import { fileURLToPath } from "node:url";

const ROOT = fileURLToPath(new URL("../../", import.meta.url));

/** Folder of onnxruntime-web, which is fetched by the first test that asks for it. */
export const RUNTIME = `${ROOT}runs/onnxruntime`;

/** Fetches onnxruntime-web, where it is not there yet. */
export async function fetchOnnxRuntime(): Promise<void> {
  const isThere = await Deno.stat(`${RUNTIME}/node_modules/onnxruntime-web`).then(() => true, () => false);
  if (isThere) return;
  const { success, stderr } = await new Deno.Command(Deno.execPath(), {
    args: ["task", "--quiet", "onnxruntime"],
    cwd: ROOT,
    stdout: "null",
    stderr: "piped",
  }).output();
  assert(success, new TextDecoder().decode(stderr));
}
