import { assert, assertEquals } from "@std/assert";
import { importsOf, listFiles, readText } from "./_sources.ts";

/** Folders that run wherever WebAssembly does. */
const PORTABLE = ["formats", "engine", "network", "batches", "spaces", "search", "transfer", "embed"];

/** The only file in them that knows Deno; a browser has another one (tools/browser.json). */
const HOST = "src/engine/host.ts";

async function portableFiles(): Promise<string[]> {
  const files = await Promise.all(PORTABLE.map((folder) => listFiles(`src/${folder}/`, ".ts")));
  assert(files.every(({ length }) => length > 0));
  return files.flat();
}

Deno.test("what computes mentions Deno in one file only", async () => {
  const found: string[] = [];
  for (const file of await portableFiles()) {
    const code = (await readText(file)).replace(/\/\*[\s\S]*?\*\/|\/\/.*$/gm, "");
    if (/\bDeno\s*[.[?]/.test(code)) found.push(file);
  }
  assertEquals(found, [HOST]);
});

Deno.test("what computes imports nothing of Node and nothing that is not portable", async () => {
  const isPortable = (to: string) =>
    PORTABLE.some((folder) => to.startsWith(`src/${folder}/`)) || to.startsWith("kernels/pkg/");
  const wrong: string[] = [];
  for (const from of await portableFiles()) {
    for (const to of importsOf(from, await readText(from))) if (!isPortable(to)) wrong.push(`${from} imports ${to}`);
  }
  assertEquals(wrong, []);
});

Deno.test("deno task check holds these folders against a browser's types", async () => {
  const check = await readText("tools/check.ts");
  for (const folder of PORTABLE) {
    assert(check.includes(`"src/${folder}/mod.ts"`), `tools/check.ts leaves out ${folder}`);
  }
  const { compilerOptions, imports } = JSON.parse(await readText("tools/browser.json"));
  assertEquals(compilerOptions.lib, ["dom", "dom.iterable", "esnext"]);
  assertEquals(imports, { [`../${HOST}`]: "../tests/engine/_page_host.ts" });
  const { compilerOptions: own } = JSON.parse(await readText("deno.json"));
  assertEquals({ ...compilerOptions, lib: undefined }, { ...own, lib: undefined });
});
