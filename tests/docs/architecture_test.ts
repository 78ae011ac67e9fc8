import { assertEquals } from "@std/assert";
import { importsOf, listFiles } from "../rules/_sources.ts";
import { codeBlocks, readText } from "./_markdown.ts";

/** Which folders of src/ each imports, std apart, whose packages everything may use. */
async function folderImports(): Promise<Map<string, Set<string>>> {
  const folderOf = (path: string) => /^src\/([^/]+)\//.exec(path)?.[1];
  const graph = new Map<string, Set<string>>();
  for (const file of await listFiles("src/", ".ts")) {
    const from = folderOf(file);
    // src/mod.ts is what the package exports, and part of no folder.
    if (from === undefined || from === "std") continue;
    const to = graph.get(from) ?? new Set<string>();
    graph.set(from, to);
    for (const path of importsOf(file, await readText(file))) {
      const folder = folderOf(path);
      if (folder !== undefined && folder !== from && folder !== "std") to.add(folder);
    }
  }
  return graph;
}

/** The arrows that follow from no others: `a → c` is left out where there is `a → b → … → c`. */
function withoutShortcuts(graph: ReadonlyMap<string, ReadonlySet<string>>): string[] {
  const reaches = (from: string, to: string): boolean =>
    graph.get(from)!.has(to) || [...graph.get(from)!].some((next) => reaches(next, to));
  return [...graph].flatMap(([from, targets]) =>
    [...targets].filter((to) => ![...targets].some((other) => other !== to && reaches(other, to)))
      .map((to) => `${from} --> ${to}`)
  ).sort();
}

Deno.test("withoutShortcuts() keeps what follows from nothing else", () => {
  const graph = new Map([["a", new Set(["b", "c"])], ["b", new Set(["c"])], ["c", new Set<string>()]]);
  assertEquals(withoutShortcuts(graph), ["a --> b", "b --> c"]);
});

Deno.test("the diagram of docs/architecture.md is that of the imports", async () => {
  const [diagram] = codeBlocks(await readText("docs/architecture.md")).filter(({ info }) => info === "mermaid");
  const drawn = Array.from(diagram!.code.matchAll(/^\s*(\w+) --> (\w+)\s*$/gm), ([, from, to]) => `${from} --> ${to}`);
  assertEquals(drawn.sort(), withoutShortcuts(await folderImports()));
});
