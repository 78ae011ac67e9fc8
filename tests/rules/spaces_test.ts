import { assert, assertEquals } from "@std/assert";
import { importsOf, listFiles, readText } from "./_sources.ts";

const FOLDER = "src/spaces/darts/";

/** The one file outside that may know of the folder. */
const TABLE = "src/spaces/table.ts";

/** Operations, cells, edges and tensors of the space of DARTS, as its code base and its folder call them. */
const WORDS = [
  /\bPRIMITIVES\b/,
  /\bCELL_TYPES\b/,
  /\b(listEdges|edgeIndex|mixingIndex|layCells|candidateOf|holdsCandidate)\b/,
  /\b(max_pool|avg_pool|sep_conv|dil_conv)_\dx\d/,
  /skip_connect/,
  /["'`]reduce["'`]|["'`]normal["'`]/,
  /\b(normal|reduce)_concat\b/,
  /alphas_(normal|reduce)/,
  /\bpreprocess[01]\b/,
  /\b_ops\b/,
  /\bcells\.\d/,
  /\bDarts(Space|Genotype)\b/,
];

async function outside(): Promise<string[]> {
  const files = (await listFiles("src/", ".ts")).filter((file) => !file.startsWith(FOLDER));
  assert(files.length > 100);
  return files;
}

Deno.test("only the folder of DARTS' space knows its operations, cells and edges", async () => {
  const found: string[] = [];
  for (const file of await outside()) {
    (await readText(file)).split("\n").forEach((line, i) => {
      if (WORDS.some((word) => word.test(line))) found.push(`${file}:${i + 1}: ${line.trim()}`);
    });
  }
  assertEquals(found, []);
});

Deno.test("the words that tell DARTS' space are those of its folder", async () => {
  const own = (await Promise.all((await listFiles(FOLDER, ".ts")).map(readText))).join("\n");
  const idle = WORDS.filter((word) => !own.split("\n").some((line) => word.test(line)));
  assertEquals(idle, []);
});

Deno.test("only the table of spaces imports the folder of one", async () => {
  const found: string[] = [];
  for (const file of await outside()) {
    const folders = importsOf(file, await readText(file)).filter((to) => /^src\/spaces\/[^/]+\//.test(to));
    const own = /^src\/spaces\/[^/]+\//.exec(file)?.[0];
    if (file !== TABLE && folders.some((to) => own === undefined || !to.startsWith(own))) found.push(file);
  }
  assertEquals(found, []);
});
