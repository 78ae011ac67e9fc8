import type { Build, Host, KernelCode, Kernels, LaunchMode } from "./kernels.ts";

/**
 * Deno as a host: kernels from files, threads as workers, the launch mode from the environment. The only file of the engine, and of
 * all that is below the pipelines and computes, that knows Deno; nothing here runs before an engine starts.
 */
export const HOST: Host = {
  get mode(): LaunchMode {
    return readVariable("ROOTSTOCK_MODE") === "fast" ? "fast" : "default";
  },
  get cores(): number {
    return navigator.hardwareConcurrency;
  },
  workers: {
    start: (name) => new Worker(new URL("./worker.ts", import.meta.url), { type: "module", name }),
    scriptOf: (build) => fileOf(build, SCRIPT).href,
  },
  load,
};

const CODE = "rootstock_kernels_bg.wasm";
const SCRIPT = "rootstock_kernels.js";

let instances = 0;

async function load(build: Build): Promise<KernelCode> {
  const file = fileOf(build, CODE);
  let code: Uint8Array<ArrayBuffer>;
  try {
    code = file.protocol === "file:" ? await Deno.readFile(file) : await fetchCode(file);
  } catch (cause) {
    const reason = file.protocol === "file:"
      ? `${file.pathname} is missing: run deno task build`
      : `${file.href} cannot be fetched: allow it with --allow-net=${file.host}`;
    throw new Error(`Cannot load the ${build} kernels: ${reason}`, { cause });
  }
  // A query makes it another module for each engine.
  const kernels = await import(`${fileOf(build, SCRIPT).href}?engine=${instances++}`) as Kernels;
  return { module: await WebAssembly.compile(code), kernels };
}

/** Of an installed package, whose files Deno imports from a registry. */
async function fetchCode(address: URL): Promise<Uint8Array<ArrayBuffer>> {
  const response = await fetch(address);
  if (!response.ok) throw new Error(`found status ${response.status}`);
  return await response.bytes();
}

function fileOf(build: Build, name: string): URL {
  const other = readVariable("ROOTSTOCK_KERNELS_DIR");
  const folder = other
    ? new URL(`file://${other.replace(/\/*$/, "/")}`)
    : new URL("../../kernels/pkg/", import.meta.url);
  return new URL(`${build}/${name}`, folder);
}

/** A variable of the environment, if this process may read it. */
function readVariable(variable: string): string | undefined {
  const { state } = Deno.permissions.querySync({ name: "env", variable });
  return state === "granted" ? Deno.env.get(variable) : undefined;
}
