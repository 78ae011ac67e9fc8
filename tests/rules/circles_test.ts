import { assertEquals } from "@std/assert";
import { importsOf, listFiles, readText } from "./_sources.ts";

type Graph = ReadonlyMap<string, readonly string[]>;

/**
 * Groups of files that import one another, directly or by way of others (Tarjan 1972).
 *
 * @param graph What each file imports.
 * @returns The groups of more than one file, and files that import themselves.
 */
function circlesIn(graph: Graph): string[][] {
  const [circles, stack]: [string[][], string[]] = [[], []];
  const [order, lowest] = [new Map<string, number>(), new Map<string, number>()];
  const visit = (file: string) => {
    order.set(file, order.size);
    lowest.set(file, order.get(file)!);
    stack.push(file);
    for (const next of graph.get(file) ?? []) {
      if (!order.has(next)) visit(next);
      if (stack.includes(next)) lowest.set(file, Math.min(lowest.get(file)!, lowest.get(next)!));
    }
    if (lowest.get(file) !== order.get(file)) return;
    const group = stack.splice(stack.indexOf(file));
    if (group.length > 1 || graph.get(file)?.includes(file)) circles.push(group.sort());
  };
  for (const file of graph.keys()) if (!order.has(file)) visit(file);
  return circles;
}

Deno.test("circlesIn() finds circles of any length, and no others", () => {
  const graph = new Map([["a", ["b", "e"]], ["b", ["c"]], ["c", ["a"]], ["d", ["d", "a"]], ["e", ["f"]], ["f", []]]);
  assertEquals(circlesIn(graph), [["a", "b", "c"], ["d"]]);
});

Deno.test("no file of src/ imports itself by way of others, types included", async () => {
  const graph = new Map<string, string[]>();
  for (const file of await listFiles("src/", ".ts")) graph.set(file, importsOf(file, await readText(file)));
  assertEquals(circlesIn(graph), []);
});
