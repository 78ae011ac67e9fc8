import { join, resolve } from "node:path";
import { pathToFileURL } from "node:url";
import { RunError } from "../../run/mod.ts";

/** Where `deno task onnxruntime` puts the library. */
export const RUNTIME_FOLDER = "runs/onnxruntime";

/** What the graph of a file reads: pixels, or floats. */
export interface OnnxInput {
  /** Sizes, batch first. */
  readonly shape: readonly number[];
  /** Its numbers. */
  readonly data: Uint8Array | Float32Array;
}

/** A file that is ready to run. */
export interface OnnxSession extends AsyncDisposable {
  /**
   * Runs the graph.
   *
   * @param input What it reads, under the name `image`.
   * @returns What it makes, by name.
   */
  run(input: OnnxInput): Promise<Readonly<Record<string, Float32Array>>>;
}

/** Opens files of ONNX. */
export type OpenOnnx = (file: Uint8Array) => Promise<OnnxSession>;

/** What is used of the library. */
interface Library {
  readonly env: { readonly wasm: { numThreads: number; wasmBinary?: Uint8Array } };
  readonly InferenceSession: {
    create(file: Uint8Array, options: Readonly<Record<string, unknown>>): Promise<{
      run(feeds: Readonly<Record<string, unknown>>): Promise<Record<string, { readonly data: Float32Array }>>;
      release(): Promise<void>;
    }>;
  };
  readonly Tensor: new (type: string, data: OnnxInput["data"], shape: readonly number[]) => unknown;
}

/**
 * Loads onnxruntime-web: it runs in WebAssembly, so it needs no permission but to read its own files. It is no dependency of this
 * program, which would make every user fetch 140 MB.
 *
 * @param folder Where it was installed.
 * @returns What opens files with it, on one thread (its own workers do not start under Deno).
 * @throws {RunError} If it is not there; says how to fetch it.
 */
export async function loadOnnxRuntime(folder: string = RUNTIME_FOLDER): Promise<OpenOnnx> {
  const dist = join(resolve(folder), "node_modules", "onnxruntime-web", "dist");
  const wasmBinary = await Deno.readFile(join(dist, "ort-wasm-simd-threaded.wasm")).catch((cause) => {
    throw new RunError(
      `Cannot run ONNX files: found no onnxruntime-web in ${folder}, fetch it with: deno task onnxruntime`,
      { cause },
    );
  });
  const library: Library = await import(pathToFileURL(join(dist, "ort.wasm.bundle.min.mjs")).href);
  library.env.wasm.numThreads = 1;
  library.env.wasm.wasmBinary = wasmBinary;
  return (file) => openSession(library, file);
}

async function openSession({ InferenceSession, Tensor }: Library, file: Uint8Array): Promise<OnnxSession> {
  const session = await InferenceSession.create(file, { executionProviders: ["wasm"] });
  return {
    async run({ shape, data }) {
      const image = new Tensor(data instanceof Uint8Array ? "uint8" : "float32", data, shape);
      const made = await session.run({ image });
      return Object.fromEntries(Object.entries(made).map(([name, { data }]) => [name, data]));
    },
    [Symbol.asyncDispose]: () => session.release(),
  };
}
