/**
 * A worker thread of the team: joins the shared memory, then serves jobs inside wasm until the team stops.
 *
 * @module
 */
/// <reference lib="deno.worker" />
import type { Kernels } from "./kernels.ts";

/** What a new worker is told. */
export interface JoinMessage {
  /** Compiled code. */
  module: WebAssembly.Module;
  /** The team's memory. */
  memory: WebAssembly.Memory;
  /** Address of the wasm-bindgen module. */
  script: string;
  /** Its number; 0 is the main thread. */
  index: number;
  /** Jobs started before it was created. */
  jobs: number;
}

/** Stack of a worker; kernels keep their planes on the heap. */
const STACK_BYTES = 1 << 20;

self.onmessage = async ({ data }: MessageEvent<JoinMessage>) => {
  const { module, memory, script, index, jobs } = data;
  let kernels: Kernels | undefined;
  try {
    kernels = await import(script) as Kernels;
    kernels.initSync({ module, memory, thread_stack_size: STACK_BYTES });
    self.postMessage({ ready: true });
    kernels.team_serve(index, jobs);
    self.close();
  } catch (error) {
    kernels?.team_fail();
    self.postMessage({ error: String(error) });
  }
};
