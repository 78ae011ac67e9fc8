import { decodeNetwork } from "../formats/mod.ts";
import { sharedEngine } from "./host.ts";
import { openNetwork } from "./learnt_network.ts";
import { Model } from "./model.ts";
import type { Decoder } from "./picture.ts";

/** What a model is loaded with. */
export interface LoadOptions {
  /**
   * The library's `.wasm` file, compiled: for runtimes that let a program import code, but not compile it (edge workers). Found beside the
   * library if left out.
   */
  readonly module?: WebAssembly.Module | undefined;
  /** Decodes encoded pictures; the page's own decoder if left out. Elsewhere only pixels are read without it. */
  readonly decode?: Decoder | undefined;
}

const FILE = "the model";

/**
 * Loads a network: `.rootstock`, as `export --format rootstock` and {@linkcode Model.save} write it, or `network.safetensors` of a run.
 *
 * Needs no permission, no file, no worker and no `eval`. All models share one engine.
 *
 * @param bytes The whole file, up to a few MiB; not kept.
 * @param options Compiled code, a decoder.
 * @returns The network, ready to predict.
 * @throws {FormatError} If the file is damaged or holds something else; one line.
 * @throws {Error} If the kernels cannot start; one line.
 * @example A picture of a grey wall is no traffic sign: nothing is sure
 * ```ts
 * import { assert, assertEquals } from "@std/assert";
 * import { load } from "./mod.ts";
 *
 * const model = await load(await Deno.readFile("data/zoo/gtsrb20/network.safetensors"));
 * const wall = { data: new Uint8Array(4 * 40 * 30).fill(128), width: 40, height: 30 };
 * const [first] = await model.predict(wall, { top: 3 });
 * assert(model.classes.includes(first!.label));
 * assertEquals(model.classes.length, 20);
 * model.free();
 * ```
 */
export async function load(bytes: Uint8Array | ArrayBuffer, options: LoadOptions = {}): Promise<Model> {
  const read = decodeNetwork(bytes instanceof Uint8Array ? bytes : new Uint8Array(bytes), { file: FILE });
  const [engine, file] = await Promise.all([sharedEngine(options.module), read]);
  return new Model({ engine, decode: options.decode, ...openNetwork(file, FILE) });
}
