/**
 * Inference in onnxruntime-web's WebAssembly backend, of the ONNX file that pytorch_inference.py exported from a model:
 *
 *     deno run … bench/peers/onnxruntime_web.ts MODEL ONNX BATCH THREADS REPEATS
 *
 * REPEATS batches for every line of input; its logits must be those of the model to 1e-4 before anything is timed.
 *
 * @module
 */
import { decodeSafetensors } from "../../src/formats/safetensors.ts";
import { serveRuns, warmUp } from "./serve_runs.ts";

/** What is used of the library; its own types would make a check of this repository fetch it. */
interface OnnxRuntime {
  env: { wasm: { numThreads: number }; versions: { web: string } };
  InferenceSession: {
    create(model: Uint8Array, options: Record<string, unknown>): Promise<{
      run(feeds: Record<string, unknown>): Promise<Record<string, { data: Float32Array }>>;
    }>;
  };
  Tensor: new (type: "float32", data: Float32Array, shape: readonly number[]) => unknown;
}

const TOLERANCE = 1e-4;

const [model = "", onnx = "", batch = "1", threads = "1", repeats = "1"] = Deno.args;
const specifier = "npm:onnxruntime-web@1.30.0";
const library: OnnxRuntime & { default?: OnnxRuntime } = await import(specifier);
const runtime = library.default ?? library;
runtime.env.wasm.numThreads = Number(threads);
const { tensors } = decodeSafetensors(await Deno.readFile(model), { file: model });
const session = await runtime.InferenceSession.create(await Deno.readFile(onnx), { executionProviders: ["wasm"] });
const { shape, data } = tensors.get("bench.images")!;
const count = Number(batch);
const images = (data as Float32Array).slice(0, data.length / shape[0]! * count);
const feeds = { images: new runtime.Tensor("float32", images, [count, ...shape.slice(1)]) };

const expected = tensors.get("bench.logits")!.data as Float32Array;
const { logits } = await session.run(feeds);
const difference = logits!.data.reduce((most, value, i) => Math.max(most, Math.abs(value - expected[i]!)), 0);
if (!(difference <= TOLERANCE)) {
  throw new Error(`Cannot time onnxruntime-web: logits differ by ${difference}, expected at most ${TOLERANCE}`);
}
await warmUp(() => session.run(feeds));
const about = { onnxruntimeWeb: runtime.env.versions.web, threads: runtime.env.wasm.numThreads, difference };
await serveRuns(about, async () => {
  const start = performance.now();
  for (let i = 0; i < Number(repeats); i++) await session.run(feeds);
  return { seconds: (performance.now() - start) / 1000 / Number(repeats) };
});
Deno.exit(0);
