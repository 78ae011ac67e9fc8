/** What everything ran on. */
export interface Machine {
  processor: string;
  cores: number;
  deno: string;
  v8: string;
}

/** Describes this machine; the processor's name where Linux tells it. Peers tell their versions themselves. */
export async function describeMachine(): Promise<Machine> {
  const text = await Deno.readTextFile("/proc/cpuinfo").catch(() => "");
  const field = (name: string) => new RegExp(`^${name}\\s*: (.*)$`, "m").exec(text)?.[1];
  const [name = "unknown processor", model] = [field("model name"), field("model")];
  const processor = model === undefined ? name : `${name} (model ${model})`;
  return { processor, cores: navigator.hardwareConcurrency, deno: Deno.version.deno, v8: Deno.version.v8 };
}
