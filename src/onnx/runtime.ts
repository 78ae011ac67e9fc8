import { join, resolve } from "node:path";
import { pathToFileURL } from "node:url";
import { RunError } from "../run/mod.ts";

/** Where `deno task onnxruntime` puts the library. */
export const RUNTIME_FOLDER = "runs/onnxruntime";

/** Size and type of an input or an output: a text stands for a size that a run decides. */
export interface OnnxValue {
  /** Its name. */
  readonly name: string;
  /** Type of its numbers, such as `float32`. */
  readonly type?: string;
  /** Its sizes. */
  readonly shape?: readonly (number | string)[];
}

/** What is used of onnxruntime-web; its own types would make every check of this repository fetch it. */
export interface OnnxRuntime {
  /** Settings of all sessions. */
  readonly env: { logLevel: string; readonly wasm: { numThreads: number; wasmBinary?: Uint8Array } };
  /** Opens files. */
  readonly InferenceSession: {
    create(file: Uint8Array, options: Readonly<Record<string, unknown>>): Promise<{
      readonly inputMetadata: readonly OnnxValue[];
      readonly outputMetadata: readonly OnnxValue[];
      run(
        feeds: Readonly<Record<string, unknown>>,
      ): Promise<Record<string, { readonly dims: readonly number[]; readonly data: Float32Array }>>;
      release(): Promise<void>;
    }>;
  };
  /** What sessions read. */
  readonly Tensor: new (type: string, data: Uint8Array | Float32Array, shape: readonly number[]) => unknown;
}

/**
 * Loads onnxruntime-web: it runs in WebAssembly, so it needs no permission but to read its own files. It is no dependency of this
 * program, which would make every user fetch 140 MB.
 *
 * @param folder Where it was installed.
 * @returns The library, on one thread (its own workers do not start under Deno).
 * @throws {RunError} If it is not there; says how to fetch it.
 */
export async function loadOnnxRuntime(folder: string = RUNTIME_FOLDER): Promise<OnnxRuntime> {
  const dist = join(resolve(folder), "node_modules", "onnxruntime-web", "dist");
  const wasmBinary = await Deno.readFile(join(dist, "ort-wasm-simd-threaded.wasm")).catch((cause) => {
    throw new RunError(
      `Cannot run ONNX files: found no onnxruntime-web in ${folder}, fetch it with: deno task onnxruntime`,
      { cause },
    );
  });
  const library: OnnxRuntime = await import(pathToFileURL(join(dist, "ort.wasm.bundle.min.mjs")).href);
  library.env.logLevel = "error";
  library.env.wasm.numThreads = 1;
  library.env.wasm.wasmBinary = wasmBinary;
  return library;
}
