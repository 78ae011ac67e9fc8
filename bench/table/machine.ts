import { cpus } from "node:os";

/** What everything ran on. */
export interface Machine {
  processor: string;
  cores: number;
  deno: string;
  v8: string;
}

/** Describes this machine. Peers tell their versions themselves. */
export function describeMachine(): Machine {
  const { deno, v8 } = Deno.version;
  return { processor: cpus()[0]?.model ?? "unknown processor", cores: navigator.hardwareConcurrency, deno, v8 };
}
