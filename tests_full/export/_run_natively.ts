/**
 * Runs ONNX files in native onnxruntime, for the test beside: in a process of its own, since the library is native code.
 * The argument is JSON: a list of `{file, pixels, shape}`, the answer a list of logits.
 *
 * @module
 */
import { createRequire } from "node:module";

/** A file, bytes of images, and their sizes. */
export interface NativeRun {
  readonly file: string;
  readonly pixels: string;
  readonly shape: readonly number[];
}

const [folder = "", runs = "[]"] = Deno.args;
const runtime = createRequire(`${folder}/`)("onnxruntime-node");
const answers: number[][] = [];
for (const { file, pixels, shape } of JSON.parse(runs) as NativeRun[]) {
  const session = await runtime.InferenceSession.create(file);
  const image = new runtime.Tensor("uint8", await Deno.readFile(pixels), shape);
  const { logits } = await session.run({ image }, ["logits"]);
  answers.push(Array.from(logits.data as Float32Array));
}
console.log(JSON.stringify(answers));
