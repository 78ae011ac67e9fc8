import { assert, assertEquals } from "@std/assert";
import { dirname, join, normalize } from "node:path/posix";
import { ROOT } from "../rules/_sources.ts";
import { anchors, listDocuments, readText, sentences, withoutCode } from "./_markdown.ts";

const MOST_LINES_OF_README = 130;
const MOST_WORDS = 25;

Deno.test("sentences() leaves code, tables and headings out", () => {
  const text =
    "# A title\n\nOne sentence. Another one with `code` in it.\n\n    deno task demo\n\n| a | b |\n\n- a point\n";
  assertEquals(sentences(text), ["One sentence.", "Another one with code in it.", "- a point"]);
});

Deno.test("README fits two screens", async () => {
  const lines = (await readText("README.md")).trimEnd().split("\n").length;
  assert(lines <= MOST_LINES_OF_README, `README.md has ${lines} lines, expected at most ${MOST_LINES_OF_README}`);
});

Deno.test("documents are written in short sentences", async () => {
  const long: string[] = [];
  for (const path of await listDocuments()) {
    const found = sentences(await readText(path));
    const words = found.reduce((sum, sentence) => sum + sentence.split(" ").length, 0);
    if (words > MOST_WORDS * found.length) long.push(`${path}: ${(words / found.length).toFixed(1)} words a sentence`);
  }
  assertEquals(long, []);
});

Deno.test("links between documents lead somewhere", async () => {
  const broken: string[] = [];
  for (const path of await listDocuments()) {
    const text = withoutCode(await readText(path));
    for (const [, link] of text.matchAll(/\]\(([^)\s]+)\)/g)) {
      if (/^[a-z]+:/.test(link!)) continue;
      const [file, anchor] = link!.split("#") as [string, string | undefined];
      const target = file === "" ? path : normalize(join(dirname(path), file));
      const there = await Deno.stat(new URL(target, ROOT)).catch(() => undefined);
      const isFound = there !== undefined &&
        (anchor === undefined || !target.endsWith(".md") || anchors(await readText(target)).includes(anchor));
      if (!isFound) broken.push(`${path}: ${link}`);
    }
  }
  assertEquals(broken, []);
});
