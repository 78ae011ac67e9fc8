import { assert, assertEquals, assertMatch } from "@std/assert";
import { fileURLToPath, pathToFileURL } from "node:url";
import { listFiles, readText, ROOT } from "../rules/_sources.ts";
import { type Example, examplesOf, resolveExample } from "./_examples.ts";

const files = await listFiles("src/", ".ts");
const examples = (await Promise.all(files.map(async (path) => examplesOf(path, await readText(path))))).flat();
const folder = await Deno.makeTempDir({ prefix: "examples-" });

Deno.test.afterAll(() => Deno.remove(folder, { recursive: true }));

/** Writes an example as a file; returns its path. */
async function lay(example: Example, index: number): Promise<string> {
  const path = `${folder}/example_${index}.ts`;
  await Deno.writeTextFile(path, resolveExample(example));
  return path;
}

Deno.test("examplesOf() finds titles and code, and tells examples without code", () => {
  const text = `/**
 * Adds.
 *
 * @returns The sum.
 * @example Two numbers
 * \`\`\`ts
 * import { add } from "./mod.ts";
 *
 * add(1, 2);
 * \`\`\`
 * @example
 *   add(1, 2);
 */
`;
  const [whole, bare] = examplesOf("src/x/y.ts", text);
  assertEquals(whole, {
    place: "src/x/y.ts:5",
    title: "Two numbers",
    code: 'import { add } from "./mod.ts";\n\nadd(1, 2);\n',
  });
  assertEquals(bare, { place: "src/x/y.ts:11", title: "", code: undefined });
  assertMatch(resolveExample(whole!), /^import { add } from "file:.*\/src\/x\/mod\.ts";$/m);
});

Deno.test("there are examples, each with a title, code and an assertion", () => {
  assert(examples.length >= 10, `found ${examples.length}`);
  const wrong = examples.filter(({ title, code }) =>
    title === "" || code === undefined || !/^\s*(await )?assert/m.test(code)
  );
  assertEquals(wrong.map(({ place }) => place), []);
});

Deno.test("every example runs", async (test) => {
  for (const [index, example] of examples.entries()) {
    await test.step(`${example.place} ${example.title}`, async () => {
      await import(pathToFileURL(await lay(example, index)).href);
    });
  }
});

Deno.test("the type checker agrees with every example", async () => {
  const paths = await Promise.all(examples.map(lay));
  // Files below runs/ are no part of the project: `deno check` would leave them out, `deno run --check` does not.
  const entry = `${folder}/all.ts`;
  const types = paths.map((path) => `import type {} from "${pathToFileURL(path).href}";\n`);
  await Deno.writeTextFile(entry, types.join(""));
  const config = fileURLToPath(new URL("deno.json", ROOT));
  const command = new Deno.Command(Deno.execPath(), {
    args: ["run", "--check", "--no-prompt", "--config", config, entry],
  });
  const { code, stderr } = await command.output();
  assertEquals(code, 0, new TextDecoder().decode(stderr));
});
