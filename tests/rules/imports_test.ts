import { assert, assertEquals } from "@std/assert";
import { importsOf, listFiles, readText } from "./_sources.ts";

/** The folders of src/; each may import those before it. */
const ORDER = [
  "std",
  "text",
  "formats",
  "engine",
  "network",
  "batches",
  "spaces",
  "data",
  "run",
  "queue",
  "store",
  "onnx",
  "tasks",
  "search",
  "transfer",
  "embed",
  "zoo",
  "features",
  "stages",
  "rounds",
  "export",
  "pipelines",
  "compare",
  "report",
  "sweep",
  "cli",
];

/** The only files that touch the built kernels: one of the engine's knows their types, the others find them. */
const DOORS = [
  "src/engine/kernels.ts",
  "src/engine/host.ts",
  "src/embed/host.ts",
  "bench/",
  "tests/kernels/",
  "tests/engine/",
  "tools/",
];

interface Import {
  from: string;
  to: string;
}

async function imports(...folders: string[]): Promise<Import[]> {
  const found: Import[] = [];
  for (const folder of folders) {
    for (const from of await listFiles(folder, ".ts")) {
      found.push(...importsOf(from, await readText(from)).map((to) => ({ from, to })));
    }
  }
  assert(found.length > 0, `no imports in ${folders}`);
  return found;
}

const folderOf = (path: string) => /^src\/([^/]+)\//.exec(path)?.[1];
const show = ({ from, to }: Import) => `${from} imports ${to}`;

Deno.test("importsOf() finds every way to import", () => {
  const text = `import { a } from "./a.ts";
export * from "../b/mod.ts";
import type { C } from "@std/c";
type D = typeof import("../../d/e.js");
const worker = new URL("./worker.ts", import.meta.url);
import "./effect.ts";
// import "./comment.ts";
const text = "read from" + "elsewhere";
import {
  longName,
} from "./long.ts";
`;
  assertEquals(importsOf("src/x/y.ts", text), [
    "src/x/a.ts",
    "src/b/mod.ts",
    "@std/c",
    "d/e.js",
    "src/x/worker.ts",
    "src/x/effect.ts",
    "src/x/long.ts",
  ]);
});

Deno.test("imports in src/ point one way", async () => {
  const wrong = (await imports("src/")).filter(({ from, to }) => {
    const [source, target] = [folderOf(from), folderOf(to)];
    if (source === undefined || target === undefined || source === target) return false;
    return ORDER.indexOf(target) > ORDER.indexOf(source);
  });
  assertEquals(wrong.map(show), []);
});

Deno.test("every folder in src/ has its place in the direction of imports", async () => {
  // src/mod.ts is what the package exports: it stands above all folders.
  const files = (await listFiles("src/", ".ts")).filter((file) => file !== "src/mod.ts");
  const folders = new Set(files.map(folderOf));
  assertEquals([...folders].filter((folder) => folder === undefined || !ORDER.includes(folder)), []);
});

Deno.test("imports across folders of src/ go through mod.ts", async () => {
  const wrong = (await imports("src/")).filter(({ from, to }) => {
    const target = folderOf(to);
    return target !== undefined && target !== folderOf(from) && to !== `src/${target}/mod.ts`;
  });
  assertEquals(wrong.map(show), []);
});

Deno.test("inside a folder, files do not import their own mod.ts", async () => {
  const wrong = (await imports("src/")).filter(({ from, to }) => {
    const folder = folderOf(from);
    return folder !== undefined && folder !== "std" && to === `src/${folder}/mod.ts`;
  });
  assertEquals(wrong.map(show), []);
});

Deno.test("only the door, benchmarks, kernel tests and tools touch kernels/pkg/", async () => {
  const wrong = (await imports("src/", "tests/", "tools/"))
    .filter(({ from, to }) => to.startsWith("kernels/") && !DOORS.some((door) => from.startsWith(door)));
  assertEquals(wrong.map(show), []);
});

Deno.test("src/ imports nothing from outside but node: and what deno.json names", async () => {
  const { imports: named } = JSON.parse(await readText("deno.json")) as { imports: Record<string, string> };
  const isNamed = (to: string) => Object.keys(named).some((name) => to === name || to.startsWith(`${name}/`));
  const wrong = (await imports("src/")).filter(({ from, to }) =>
    !/^(src\/|data\/|node:|deno\.json$)/.test(to) && !isNamed(to) && !DOORS.includes(from)
  );
  assertEquals(wrong.map(show), []);
});

Deno.test("src/ never imports tests", async () => {
  assertEquals((await imports("src/")).filter(({ to }) => to.startsWith("tests/")).map(show), []);
});
