import { Engine, type Host, type Kernels } from "../engine/mod.ts";
import * as single from "../../kernels/pkg/single/rootstock_kernels.js";

let running: Promise<Engine> | undefined;

/**
 * The engine of all models: one thread, no files, no workers.
 *
 * @param module Code of the `single` build, where the runtime does not let a program compile it; found beside the library if left out.
 * Only the first call needs it.
 * @returns The engine, always the same one.
 * @throws {Error} If the code cannot be found or is of another build; the next call tries again.
 */
export function sharedEngine(module?: WebAssembly.Module): Promise<Engine> {
  return running ??= start(module).catch((cause) => {
    running = undefined;
    throw new Error(`Cannot start the kernels: ${(cause as Error).message}`, { cause });
  });
}

async function start(module: WebAssembly.Module | undefined): Promise<Engine> {
  const host: Host = {
    mode: "default",
    cores: 1,
    load: async () => ({ module: checkCode(module ?? await findCode()), kernels: single as unknown as Kernels }),
  };
  return await Engine.start({ host, build: "single" });
}

async function findCode(): Promise<WebAssembly.Module> {
  const { findCode } = await import("./own_code.js");
  return await findCode();
}

/** Refuses other code: the kernels' script keeps the first that it was given. */
function checkCode(module: WebAssembly.Module): WebAssembly.Module {
  const isOurs = WebAssembly.Module.exports(module).some(({ name }) => name === "network_compile");
  const isThreaded = WebAssembly.Module.imports(module).some(({ kind }) => kind === "memory");
  if (isOurs && !isThreaded) return module;
  throw new TypeError(
    `the module is ${isOurs ? "the build for threads" : "another program"}, expected the library's own`,
  );
}
