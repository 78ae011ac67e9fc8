import { onnxOpener, type OpenOnnx } from "../../../src/export/onnx/session.ts";
import { fetchOnnxRuntime, RUNTIME } from "../../onnx/_onnxruntime.ts";

/** What opens exported files, with onnxruntime-web, which is fetched by the first test that asks for it. */
export async function openerForTests(): Promise<OpenOnnx> {
  await fetchOnnxRuntime();
  return await onnxOpener(RUNTIME);
}
