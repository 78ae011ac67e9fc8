import { loadOnnxRuntime, type OnnxRuntime } from "../../onnx/mod.ts";

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

/**
 * Makes what opens exported files.
 *
 * @param folder Folder of onnxruntime-web; where `deno task onnxruntime` puts it if left out.
 * @returns The function.
 * @throws {RunError} If the library is not there; says how to fetch it.
 */
export async function onnxOpener(folder?: string): Promise<OpenOnnx> {
  const library = await loadOnnxRuntime(folder);
  return (file) => openSession(library, file);
}

async function openSession({ InferenceSession, Tensor }: OnnxRuntime, file: Uint8Array): Promise<OnnxSession> {
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
