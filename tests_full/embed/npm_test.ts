import { assert, assertEquals } from "@std/assert";
import { fileURLToPath } from "node:url";
import { load } from "../../src/embed/mod.ts";
import { drawWaves, NETWORK } from "../../tests/embed/_pictures.ts";

const ROOT = fileURLToPath(new URL("../../", import.meta.url));

/** Runs a line by the shell. */
async function inShell(line: string, cwd: string): Promise<string> {
  const { success, stdout, stderr } = await new Deno.Command(Deno.execPath(), {
    args: ["run", "--no-prompt", "--no-check", "--allow-run=sh", `${ROOT}tests/cli/_shell.ts`, line],
    cwd,
  }).output();
  const decoder = new TextDecoder();
  assert(success, decoder.decode(stdout) + decoder.decode(stderr));
  return decoder.decode(stdout);
}

const PROGRAM = `import { readFile } from "node:fs/promises";
import { load } from "@rootstock/embed";
const model = await load(await readFile(process.argv[2]));
const picture = JSON.parse(await readFile(process.argv[3], "utf8"));
console.log(JSON.stringify(await model.predict({ ...picture, data: Uint8Array.from(picture.data) }, { top: 3 })));
`;

const TYPED = `import { load, type Model, type Prediction } from "@rootstock/embed";
export async function name(bytes: Uint8Array): Promise<string> {
  const model: Model = await load(bytes);
  const [first]: Prediction[] = await model.predict({ data: new Uint8Array(4), width: 1, height: 1 }, { top: 1 });
  // @ts-expect-error A prediction has a label.
  first!.name;
  return first!.label;
}
`;

Deno.test("an empty Node project installs the tarball, predicts as the sources do, and has its types", async () => {
  await inShell(`'${Deno.execPath()}' task --quiet npm`, ROOT);
  const [tarball] = Array.from(Deno.readDirSync(`${ROOT}runs/npm`)).filter(({ name }) => name.endsWith(".tgz"));
  const folder = await Deno.makeTempDir({ prefix: "npm-" });
  try {
    const { data, width, height } = drawWaves(40, 30);
    await Deno.writeTextFile(`${folder}/package.json`, '{ "name": "empty", "private": true, "type": "module" }');
    await Deno.writeTextFile(`${folder}/main.js`, PROGRAM);
    await Deno.writeTextFile(`${folder}/typed.ts`, TYPED);
    await Deno.writeTextFile(`${folder}/picture.json`, JSON.stringify({ data: Array.from(data), width, height }));
    const install = "npm install --no-audit --no-fund --loglevel=error";
    await inShell(`${install} '${ROOT}runs/npm/${tarball!.name}' && ${install} --save-dev typescript@5.9`, folder);
    const network = fileURLToPath(NETWORK);
    const answer = JSON.parse(await inShell(`node main.js '${network}' picture.json`, folder));
    const model = await load(await Deno.readFile(network));
    assertEquals(answer, await model.predict({ data, width, height }, { top: 3 }));
    model.free();
    const flags = "--noEmit --strict --target esnext --module nodenext --skipLibCheck false";
    await inShell(`npx tsc ${flags} --lib esnext,dom typed.ts`, folder);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
});
