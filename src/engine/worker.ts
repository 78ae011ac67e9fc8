/**
 * A worker thread of the team: joins the shared memory, then serves jobs inside wasm until the team stops.
 *
 * @module
 */
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

/** What it answers. */
export type JoinAnswer = { readonly ready: true } | { readonly ready?: undefined; readonly error: string };

/** Stack of a worker; kernels keep their planes on the heap. */
const STACK_BYTES = 1 << 20;

/** A worker's own side of its messages, which the types of a page do not know. */
const self = globalThis as unknown as {
  onmessage: (event: MessageEvent<JoinMessage>) => void;
  postMessage(answer: JoinAnswer): void;
  close(): void;
};

self.onmessage = async ({ data }) => {
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
