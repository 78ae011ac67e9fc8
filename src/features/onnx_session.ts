import { printable } from "../data/mod.ts";
import { loadOnnxRuntime, type OnnxValue } from "../onnx/mod.ts";
import { RunError } from "../run/mod.ts";

/** What a network makes of images. */
export interface OnnxTensor {
  /** Its sizes. */
  readonly dims: readonly number[];
  /** Its numbers, row-major. */
  readonly data: Float32Array;
}

/** An ONNX network of one picture input and one output of features, ready to run. */
export interface OnnxSession extends AsyncDisposable {
  /** Images a run, if the file fixes it. */
  readonly batch: number | undefined;
  /** Height of its images in pixels, if the file fixes it. */
  readonly height: number | undefined;
  /** Width of its images in pixels, if the file fixes it. */
  readonly width: number | undefined;
  /**
   * Runs images through it.
   *
   * @param planes [images, 3, height, width] row-major.
   * @param shape These sizes.
   * @returns Features and their shape, [images, features] or [images, features, rows, columns].
   * @throws {RunError} If the network cannot take them, or gives something else; one line.
   */
  run(planes: Float32Array, shape: readonly number[]): Promise<OnnxTensor>;
}

/**
 * Opens an ONNX network in onnxruntime-web's WebAssembly backend, which needs no permission but to read.
 *
 * @param bytes Content of the file.
 * @param file Its path, for messages.
 * @param runtime Folder of onnxruntime-web; where `deno task onnxruntime` puts it if left out.
 * @returns The session, to be disposed of.
 * @throws {RunError} If the library is not there, or the file is no such network; one line.
 */
export async function openOnnx(bytes: Uint8Array, file: string, runtime?: string): Promise<OnnxSession> {
  const { InferenceSession, Tensor } = await loadOnnxRuntime(runtime);
  const session = await orRunError(
    file,
    "expected an ONNX network",
    () => InferenceSession.create(bytes, { executionProviders: ["wasm"], logSeverityLevel: 3 }),
  );
  const { input, output, sizes: [batch, , height, width] } = checkValues(file, session);
  const fixed = (size: number | string | undefined) => typeof size === "number" && size > 0 ? size : undefined;
  return {
    batch: fixed(batch),
    height: fixed(height),
    width: fixed(width),
    async run(planes, shape) {
      const what = `expected a network that takes images of [${shape.join(", ")}]`;
      const results = await orRunError(
        file,
        what,
        () => session.run({ [input]: new Tensor("float32", planes, shape) }),
      );
      return results[output]!;
    },
    [Symbol.asyncDispose]: () => session.release(),
  };
}

async function orRunError<Result>(file: string, expected: string, work: () => Promise<Result>): Promise<Result> {
  try {
    return await work();
  } catch (error) {
    const reason = printable(error instanceof Error ? error.message : String(error));
    throw new RunError(`Cannot take features of ${file}: ${expected}, but onnxruntime says: ${reason}`);
  }
}

/** Finds the input and the output, and says what does not fit. */
function checkValues(
  file: string,
  { inputMetadata, outputMetadata }: {
    inputMetadata: readonly OnnxValue[];
    outputMetadata: readonly OnnxValue[];
  },
): { input: string; output: string; sizes: readonly (number | string)[] } {
  const fail = (found: string, expected: string): never => {
    throw new RunError(`Cannot take features of ${file}: found ${found}, expected ${expected}`);
  };
  const [input, ...others] = inputMetadata;
  const output = outputMetadata.find(({ name }) => name === "features") ?? outputMetadata[0];
  if (input === undefined || others.length > 0) fail(`${inputMetadata.length} inputs`, "one, images");
  if (outputMetadata.length > 1 && output!.name !== "features") {
    fail(`${outputMetadata.length} outputs`, "one, or one that is called features");
  }
  const { type, shape: sizes = [] } = input!;
  if (type !== "float32" || sizes.length !== 4 || (typeof sizes[1] === "number" && sizes[1] !== 3)) {
    fail(`an input ${describe(input!)}`, "float32 [N, 3, H, W]");
  }
  const rank = output?.shape?.length;
  if (output?.type !== "float32" || (rank !== 2 && rank !== 4)) {
    fail(`an output ${output ? describe(output) : "of nothing"}`, "float32 [N, D] or [N, D, h, w]");
  }
  return { input: input!.name, output: output!.name, sizes };
}

function describe({ name, type = "of no tensor", shape = [] }: OnnxValue): string {
  return printable(`${name}, ${type} [${shape.join(", ")}]`);
}
