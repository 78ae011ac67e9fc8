import { assert, assertEquals } from "@std/assert";
import { listFiles, readText } from "./_sources.ts";

const CRATE = "kernels/src/";

/** The crate's top modules; each may use those before it. */
const ORDER = [
  "vector",
  "memory",
  "random",
  "team",
  "profile",
  "layers",
  "program",
  "validate",
  "decode",
  "variation",
  "retouch",
  "batch",
  "resize",
  "picture",
  "parameters",
  "plan",
  "memory_plan",
  "optimizers",
  "transport",
  "executor",
  "exports",
  "reference",
];

/** Module of a file: `executor/scratch.rs` is `executor::scratch`, `executor/mod.rs` is `executor`. */
function moduleOf(file: string): string {
  return file.slice(CRATE.length).replace(/(\/mod)?\.rs$/, "").replaceAll("/", "::");
}

/** Code without comments, texts and tests, which stand at the end of a file. */
function codeOf(text: string): string {
  return text.split("#[cfg(test)]")[0]!.replace(/\/\/.*$/gm, "").replace(/"(\\.|[^"\\])*"/g, '""');
}

/** Paths with the lists of `use` written out: `a::{b, c::{d, e}}` are `a::b`, `a::c::d` and `a::c::e`. */
function writeOut(path: string): string[] {
  const list = /^([^{}]*)\{(.*)\}$/s.exec(path.trim());
  if (!list) return [path.trim()];
  const [, prefix, inside] = list;
  const items: string[] = [""];
  let depth = 0;
  for (const letter of inside!) {
    depth += Number(letter === "{") - Number(letter === "}");
    if (letter === "," && depth === 0) items.push("");
    else items[items.length - 1] += letter;
  }
  return items.filter((item) => item.trim() !== "").flatMap((item) => writeOut(prefix + item.trim()));
}

/** Modules that a module uses: by `use`, or by a path in its code from `crate`, `super` or a module that it declares. */
function usesOf(module: string, text: string, modules: ReadonlySet<string>): Set<string> {
  const code = codeOf(text);
  const children = Array.from(code.matchAll(/^\s*(?:pub )?mod (\w+);/gm), ([, name]) => name!);
  const parent = module.split("::").slice(0, -1);
  const resolve = (path: string) => {
    const [root, ...rest] = path.split("::");
    if (root === "crate") return rest;
    if (root === "super") return [...parent, ...rest];
    return children.includes(root!) ? [...module.split("::"), root!, ...rest] : [];
  };
  const declared = Array.from(code.matchAll(/\buse ([^;]+);/g), ([, path]) => path!).flatMap(writeOut);
  const written = code.replace(/\buse [^;]+;/g, "").match(/\b\w+(::\w+)+/g) ?? [];
  const used = new Set<string>();
  for (const path of [...declared, ...written]) {
    const parts = resolve(path);
    while (parts.length > 0 && !modules.has(parts.join("::"))) parts.pop();
    if (parts.length > 0 && parts.join("::") !== module) used.add(parts.join("::"));
  }
  return used;
}

async function readModules(): Promise<Map<string, Set<string>>> {
  const files = (await listFiles(CRATE, ".rs")).filter((file) => file !== `${CRATE}lib.rs`);
  const modules = new Set(files.map(moduleOf));
  const uses = new Map<string, Set<string>>();
  for (const file of files) uses.set(moduleOf(file), usesOf(moduleOf(file), await readText(file), modules));
  assert(uses.size > 30, `found ${uses.size} modules`);
  return uses;
}

/** Modules that use each other in a circle; none if there is no circle. */
function findCircle(uses: ReadonlyMap<string, ReadonlySet<string>>): string[] {
  const done = new Set<string>();
  const visit = (module: string, path: readonly string[]): string[] => {
    if (path.includes(module)) return [...path.slice(path.indexOf(module)), module];
    if (done.has(module)) return [];
    for (const next of uses.get(module)!) {
      const circle = visit(next, [...path, module]);
      if (circle.length > 0) return circle;
    }
    done.add(module);
    return [];
  };
  return [...uses.keys()].map((module) => visit(module, [])).find((circle) => circle.length > 0) ?? [];
}

Deno.test("usesOf() finds every way to name a module", () => {
  const text = `use crate::a::{self, b::{Thing, other}, C};
use super::sibling::Type;
mod child;
// use crate::comment;
fn f() { crate::d::e::call("crate::text"); child::work(); std::mem::drop(1); }
#[cfg(test)]
mod tests { use crate::tested::T; }`;
  const names = ["a", "a::b", "d::e", "x::sibling", "x::own::child", "comment", "text", "tested", "x::own"];
  assertEquals([...usesOf("x::own", text, new Set(names))].sort(), [
    "a",
    "a::b",
    "d::e",
    "x::own::child",
    "x::sibling",
  ]);
});

Deno.test("findCircle() finds a circle", () => {
  const uses = new Map(
    [["a", ["b"]], ["b", ["c", "d"]], ["c", []], ["d", ["b"]]].map(([name, list]) =>
      [name as string, new Set(list)] as const
    ),
  );
  assertEquals(findCircle(uses), ["b", "d", "b"]);
});

Deno.test("no modules of the kernels use each other in a circle", async () => {
  assertEquals(findCircle(await readModules()), []);
});

Deno.test("the kernels' top modules use each other in one direction", async () => {
  const top = (module: string) => module.split("::")[0]!;
  const uses = [...await readModules()].flatMap(([from, used]) => [...used].map((to) => ({ from, to })));
  const wrong = uses.filter(({ from, to }) => ORDER.indexOf(top(to)) > ORDER.indexOf(top(from)));
  assertEquals(wrong.map(({ from, to }) => `${from} uses ${to}`), []);
  assertEquals(
    [...new Set([...(await readModules()).keys()].map(top))].filter((module) => !ORDER.includes(module)),
    [],
  );
});
