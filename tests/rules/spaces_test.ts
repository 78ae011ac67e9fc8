import { assert, assertEquals } from "@std/assert";
import { importsOf, listFiles, readText } from "./_sources.ts";

/** The folder of a space. */
const FOLDER = /^src\/spaces\/[^/]+\//;

/** The one file outside that may know of the folders. */
const TABLE = "src/spaces/table.ts";

/** Operations, cells, edges and tensors of the spaces, as their code bases and their folders call them. */
const WORDS = [
  /\bPRIMITIVES\b/,
  /\bCELL_TYPES\b/,
  /\b(listEdges|edgeIndex|mixingIndex|layCells|candidateOf|holdsCandidate)\b/,
  /\b(max_pool|avg_pool|sep_conv|dil_conv|nor_conv)_\dx\d/,
  /\barch_parameters\b/,
  /skip_connect/,
  /["'`]reduce["'`]|["'`]normal["'`]/,
  /\b(normal|reduce)_concat\b/,
  /alphas_(normal|reduce)/,
  /\bpreprocess[01]\b/,
  /\b_ops\b/,
  /\bcells\.\d/,
  /\b(Darts|NasBench201)(Space|Genotype)\b/,
];

async function outside(): Promise<string[]> {
  const files = (await listFiles("src/", ".ts")).filter((file) => !FOLDER.test(file));
  assert(files.length > 100);
  return files;
}

Deno.test("only the folder of a space knows its operations, cells and edges", async () => {
  const found: string[] = [];
  for (const file of await outside()) {
    (await readText(file)).split("\n").forEach((line, i) => {
      if (WORDS.some((word) => word.test(line))) found.push(`${file}:${i + 1}: ${line.trim()}`);
    });
  }
  assertEquals(found, []);
});

Deno.test("the words that tell spaces are those of their folders", async () => {
  const own =
    (await Promise.all((await listFiles("src/spaces/", ".ts")).filter((file) => FOLDER.test(file)).map(readText))).join(
      "\n",
    );
  const idle = WORDS.filter((word) => !own.split("\n").some((line) => word.test(line)));
  assertEquals(idle, []);
});

Deno.test("only the table of spaces imports the folder of one", async () => {
  const found: string[] = [];
  for (const file of await listFiles("src/", ".ts")) {
    const folders = importsOf(file, await readText(file)).filter((to) => FOLDER.test(to));
    const own = FOLDER.exec(file)?.[0];
    if (file !== TABLE && folders.some((to) => own === undefined || !to.startsWith(own))) found.push(file);
  }
  assertEquals(found, []);
});
