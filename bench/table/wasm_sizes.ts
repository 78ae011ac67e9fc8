import type { Part, Row } from "./rows.ts";

const MOST_BYTES = 400 * 1024;

/** Sizes of the committed kernels. */
export const WASM_SIZES: Part = {
  name: "wasm",
  async measure() {
    const rows: Row[] = [];
    for (const build of ["strict", "relaxed", "single"]) {
      const file = new URL(`../../kernels/pkg/${build}/rootstock_kernels_bg.wasm`, import.meta.url);
      const { size } = await Deno.stat(file);
      const ours = `${(size / 1024).toFixed(0)} KiB`;
      rows.push({ work: `wasm file, ${build}`, ours, peer: "", toReach: "≤ 400 KiB", isReached: size <= MOST_BYTES });
    }
    return { rows, outcomes: {} };
  },
};
