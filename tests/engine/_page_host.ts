/**
 * A page's host: what a browser needs in place of src/engine/host.ts, in its own words alone. tools/browser.json checks the
 * engine with it.
 *
 * @module
 */
import type { Build, Host, Kernels } from "../../src/engine/mod.ts";

const PKG = new URL("../../kernels/pkg/", import.meta.url);

let instances = 0;

/** Kernels by fetch, threads as workers. */
export const HOST: Host = {
  mode: "default",
  cores: navigator.hardwareConcurrency,
  workers: {
    start: (name) => new Worker(new URL("../../src/engine/worker.ts", import.meta.url), { type: "module", name }),
    scriptOf,
  },
  async load(build) {
    const response = await fetch(new URL(`${build}/rootstock_kernels_bg.wasm`, PKG));
    const module = await WebAssembly.compile(await response.arrayBuffer());
    return { module, kernels: await import(`${scriptOf(build)}?page=${instances++}`) as Kernels };
  },
};

function scriptOf(build: Build): string {
  return new URL(`${build}/rootstock_kernels.js`, PKG).href;
}
