import { assert, assertRejects } from "@std/assert";
import { fileURLToPath, pathToFileURL } from "node:url";

Deno.test("findCode() compiles the file beside the script, and says which is missing", async () => {
  const folder = await Deno.makeTempDir();
  try {
    const source = (path: string) => fileURLToPath(new URL(`../../${path}`, import.meta.url));
    await Deno.copyFile(source("src/embed/fetched_code.ts"), `${folder}/code.ts`);
    const { findCode } = await import(pathToFileURL(`${folder}/code.ts`).href);
    await assertRejects(() => findCode(), Error, "rootstock.wasm");
    await Deno.copyFile(source("kernels/pkg/single/rootstock_kernels_bg.wasm"), `${folder}/rootstock.wasm`);
    const exports = WebAssembly.Module.exports(await findCode());
    assert(exports.some(({ name }) => name === "network_run"));
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
});
