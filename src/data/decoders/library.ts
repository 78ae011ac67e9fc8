import { printable } from "../errors.ts";

/** What of an Emscripten module is used here. */
interface EmscriptenModule {
  /** Its memory, seen as bytes. */
  readonly HEAP8: Int8Array;
}

/** Settings of an Emscripten module. */
interface EmscriptenOptions {
  noInitialRun: true;
  instantiateWasm(
    imports: WebAssembly.Imports,
    done: (instance: WebAssembly.Instance) => void,
  ): WebAssembly.Exports;
  print(line: string): void;
  printErr(line: string): void;
}

/** What a decoding library returns: pixels with alpha. */
export interface Decoded {
  readonly data: Pick<Uint8ClampedArray, "buffer" | "byteOffset" | "byteLength">;
  readonly width: number;
  readonly height: number;
}

/** Memory above which an instance is dropped after use, since it never shrinks, in bytes. */
const MOST_KEPT_BYTES = 2 ** 26;

/**
 * A decoding library that Emscripten compiled. Code is loaded when the first picture of its type comes.
 *
 * Its C code ends the instance where it meets what it cannot do, so an instance that failed is dropped and another made.
 */
export class EmscriptenLibrary<Library> {
  readonly #load: () => Promise<{ default: unknown }>;
  readonly #code: string;
  #module: Promise<WebAssembly.Module> | undefined;
  #instance: Promise<Library & EmscriptenModule> | undefined;
  #lines: string[] = [];

  /**
   * Names the library; loads nothing.
   *
   * @param load Imports Emscripten's function that makes an instance.
   * @param code Address of the wasm file.
   */
  constructor(load: () => Promise<{ default: unknown }>, code: string) {
    this.#load = load;
    this.#code = code;
  }

  /**
   * Decodes with the library.
   *
   * @param decode Calls the instance; must not wait for anything.
   * @returns What it returned, and the warnings that the library printed meanwhile.
   * @throws {Error} If it fails, in the library's words.
   */
  async run(decode: (library: Library) => Decoded | null): Promise<{ picture: Decoded; warnings: string[] }> {
    const instance = await (this.#instance ??= this.#start());
    this.#lines = [];
    try {
      const picture = decode(instance);
      if (picture === null) throw new Error(this.#lines[0] ?? "its content is damaged");
      if (instance.HEAP8.byteLength > MOST_KEPT_BYTES) this.#instance = undefined;
      return { picture, warnings: this.#lines };
    } catch (error) {
      this.#instance = undefined;
      // Emscripten throws its exit status, which says nothing; the library has printed why.
      const words = this.#lines.at(-1) ?? (error instanceof Error ? error.message : "its content is damaged");
      throw new Error(printable(words), { cause: error });
    }
  }

  async #start(): Promise<Library & EmscriptenModule> {
    const module = await (this.#module ??= loadCode(this.#code));
    const note = (line: string) => void this.#lines.push(line);
    const { default: make } = await this.#load();
    return await (make as (options: EmscriptenOptions) => Promise<Library & EmscriptenModule>)({
      noInitialRun: true,
      instantiateWasm(imports, done) {
        const instance = new WebAssembly.Instance(module, imports);
        done(instance);
        return instance.exports;
      },
      print: note,
      printErr: note,
    });
  }
}

/**
 * Loads the code of a library.
 *
 * @param address Address of the wasm file.
 */
export async function loadCode(address: string): Promise<WebAssembly.Module> {
  return await WebAssembly.compile(await Deno.readFile(new URL(address)));
}

/** A library's picture as the other decoders return theirs; shares its memory. */
export function withAlpha(
  { data, width, height }: Decoded,
): { pixels: Uint8Array<ArrayBuffer>; height: number; width: number; channels: 4 } {
  const pixels = new Uint8Array(data.buffer as ArrayBuffer, data.byteOffset, data.byteLength);
  return { pixels, height, width, channels: 4 };
}
