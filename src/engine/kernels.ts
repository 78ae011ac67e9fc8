/**
 * The door: the only file that imports the built kernels.
 *
 * @module
 */

/** The builds of the kernels: all come from one source. */
export const BUILDS = ["strict", "relaxed", "single"] as const;

/** Which build of the kernels runs. */
export type Build = typeof BUILDS[number];

/** How the process was launched: `fast` trusts the kernels as native code is trusted (no bounds checks). */
export type LaunchMode = "default" | "fast";

/** The exports of a build: wasm-bindgen's module. */
export type Kernels = typeof import("../../kernels/pkg/strict/rootstock_kernels.js");

/** A shared memory of at most 4 GiB; threads see it grow. */
const MOST_PAGES = 65_536;
const FIRST_PAGES = 64;

function directory(): URL {
  const other = Deno.permissions.querySync({ name: "env", variable: "ROOTSTOCK_KERNELS_DIR" }).state === "granted"
    ? Deno.env.get("ROOTSTOCK_KERNELS_DIR")
    : undefined;
  return other ? new URL(`file://${other.replace(/\/*$/, "/")}`) : new URL("../../kernels/pkg/", import.meta.url);
}

/** A module that only validates where relaxed SIMD exists: `f32x4.relaxed_madd` of three zeros. */
// deno-fmt-ignore
const RELAXED_PROBE = new Uint8Array([
  0, 97, 115, 109, 1, 0, 0, 0, 1, 5, 1, 96, 0, 1, 123, 3, 2, 1, 0, 10, 15, 1, 13, 0, 65, 1, 253, 15, 65, 2, 253, 15, 253, 128, 2, 11,
]);

/** Compiled code of a build, to be sent to workers with its memory. */
export interface LoadedKernels {
  /** Its exports, initialised on this thread. */
  readonly kernels: Kernels;
  /** The memory; shared but in the single build. */
  readonly memory: WebAssembly.Memory;
  /** What a worker needs to join. */
  readonly joining: { module: WebAssembly.Module; memory: WebAssembly.Memory; script: string };
}

/** Picks the fastest build that this runtime can run: relaxed where relaxed SIMD exists, single where memory cannot be shared. */
export function detectBuild(): Build {
  if (typeof SharedArrayBuffer === "undefined") return "single";
  return WebAssembly.validate(RELAXED_PROBE) ? "relaxed" : "strict";
}

/**
 * Loads and initialises a build on this thread.
 *
 * @param build Which one.
 * @throws {Error} If its files are missing or do not fit together.
 */
export async function loadKernels(build: Build): Promise<LoadedKernels> {
  const base = new URL(`${build}/`, directory());
  const script = new URL("rootstock_kernels.js", base).href;
  let code: Uint8Array<ArrayBuffer>;
  try {
    code = await Deno.readFile(new URL("rootstock_kernels_bg.wasm", base));
  } catch (cause) {
    throw new Error(
      `Cannot load the ${build} kernels: ${
        new URL("rootstock_kernels_bg.wasm", base).pathname
      } is missing: run deno task build`,
      {
        cause,
      },
    );
  }
  const module = await WebAssembly.compile(code);
  const kernels = await importKernels(script);
  const isShared = build !== "single";
  const shared = isShared
    ? new WebAssembly.Memory({ initial: FIRST_PAGES, maximum: MOST_PAGES, shared: true })
    : undefined;
  const exports = kernels.initSync(shared ? { module, memory: shared } : { module });
  const memory = shared ?? exports.memory;
  return { kernels, memory, joining: { module, memory, script } };
}

let instances = 0;

/** A module's memory is set once, so every engine imports the module anew: a query makes it another one. */
async function importKernels(script: string): Promise<Kernels> {
  return await import(`${script}?engine=${instances++}`);
}
