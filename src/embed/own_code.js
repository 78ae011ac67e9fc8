// @ts-self-types="./own_code.d.ts"
/**
 * Code of the kernels as a part of the program: Deno needs no permission for it. TypeScript does not know this kind of import, and
 * bundles have `fetched_code.ts` in its place.
 *
 * @module
 */
import source code from "../../kernels/pkg/single/rootstock_kernels_bg.wasm";

/** @returns The code, compiled. */
export function findCode() {
  return Promise.resolve(code);
}
