/**
 * The door: the only file that knows the built kernels.
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

/** What an engine needs of the runtime around it: Deno's is in `host.ts`, a page or another runtime brings its own. */
export interface Host {
  /** How the process was launched. */
  readonly mode: LaunchMode;
  /** Threads that the machine runs at a time. */
  readonly cores: number;
  /** Threads besides the calling one; left out where there are none. */
  readonly workers?: Workers | undefined;
  /**
   * Gives the code of a build; asked once an engine.
   *
   * @throws {Error} If it has no such build.
   */
  load(build: Build): Promise<KernelCode>;
}

/**
 * How a host starts threads. The thread that calls an engine waits for them while they work, which a page's own thread may not: in a
 * browser the engine itself must be in a worker then.
 */
export interface Workers {
  /** Starts a worker that runs `worker.ts`. */
  start(name: string): Worker;
  /** Address from which workers import wasm-bindgen's module of a build. */
  scriptOf(build: Build): string;
}

/** Code of a build, not running yet. */
export interface KernelCode {
  /** `rootstock_kernels_bg.wasm`, compiled. */
  readonly module: WebAssembly.Module;
  /** wasm-bindgen's module. Its memory is set once, so every engine needs one that was imported anew. */
  readonly kernels: Kernels;
}

/** A build that runs on this thread. */
export interface LoadedKernels extends KernelCode {
  /** The memory; shared but in the single build. */
  readonly memory: WebAssembly.Memory;
}

/** A shared memory of at most 4 GiB; threads see it grow. */
const MOST_PAGES = 65_536;
const FIRST_PAGES = 64;

/** A module that only validates where relaxed SIMD exists: `f32x4.relaxed_madd` of three zeros. */
// deno-fmt-ignore
const RELAXED_PROBE = new Uint8Array([
  0, 97, 115, 109, 1, 0, 0, 0, 1, 5, 1, 96, 0, 1, 123, 3, 2, 1, 0, 10, 15, 1, 13, 0, 65, 1, 253, 15, 65, 2, 253, 15, 253, 128, 2, 11,
]);

/** Picks the fastest build that a host can run: relaxed where relaxed SIMD exists, single where threads cannot share memory. */
export function detectBuild({ workers }: Pick<Host, "workers">): Build {
  if (workers === undefined || typeof SharedArrayBuffer === "undefined") return "single";
  return WebAssembly.validate(RELAXED_PROBE) ? "relaxed" : "strict";
}

/**
 * Loads and initialises a build on this thread.
 *
 * @param host Has the code.
 * @param build Which one.
 * @throws {Error} If its files are missing or do not fit together.
 */
export async function loadKernels(host: Pick<Host, "load">, build: Build): Promise<LoadedKernels> {
  const { module, kernels } = await host.load(build);
  if (build === "single") return { module, kernels, memory: kernels.initSync({ module }).memory };
  const memory = new WebAssembly.Memory({ initial: FIRST_PAGES, maximum: MOST_PAGES, shared: true });
  kernels.initSync({ module, memory });
  return { module, kernels, memory };
}
