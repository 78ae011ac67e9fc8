import { assert, assertEquals } from "@std/assert";
import { fileURLToPath } from "node:url";
import { load } from "../../src/embed/mod.ts";
import expected from "../../tests/embed/_everywhere.json" with { type: "json" };
import { drawWaves, NETWORK } from "../../tests/embed/_pictures.ts";

const ROOT = fileURLToPath(new URL("../../", import.meta.url));
const HERE = `${ROOT}tests_full/embed`;
const RUNTIMES = `${ROOT}runs/runtimes`;
const BUNDLE = `${ROOT}runs/tests/embed`;
const QUESTIONS = `${ROOT}tests/embed/_everywhere.js`;
const MOST_BYTES_OF_WORKER = 1_000_000;

/** Runs Deno; the children that it starts have the permissions that they are given here, not those of the test. */
async function deno(args: readonly string[], cwd = ROOT): Promise<string> {
  const { success, stdout, stderr } = await new Deno.Command(Deno.execPath(), { args: [...args], cwd }).output();
  assert(success, new TextDecoder().decode(stdout) + new TextDecoder().decode(stderr));
  return new TextDecoder().decode(stdout);
}

/** Runs another program, by a Deno that may do nothing but that. */
async function run(program: string, args: readonly string[]): Promise<unknown> {
  const code = `const [program, ...args] = Deno.args;
    const { success, stdout, stderr } = await new Deno.Command(program, { args }).output();
    if (!success) throw new Error(new TextDecoder().decode(stderr));
    await Deno.stdout.write(stdout);`;
  const script = `data:text/javascript,${encodeURIComponent(code)}`;
  return JSON.parse(
    await deno(["run", "--no-prompt", "--no-config", `--allow-run=${program}`, script, program, ...args]),
  );
}

async function runWorker(folder: string, request: readonly string[] = []) {
  const permissions = [
    "--allow-read",
    "--allow-write",
    "--allow-env",
    "--allow-sys",
    "--allow-net=127.0.0.1,localhost",
  ];
  const program = `--allow-run=${await findWorkerd()}`;
  const script = `${HERE}/_workerd.ts`;
  return JSON.parse(
    await deno(["run", "--no-prompt", "--no-config", ...permissions, program, script, RUNTIMES, folder, ...request]),
  );
}

async function findWorkerd(): Promise<string> {
  for await (const { name } of Deno.readDir(`${RUNTIMES}/node_modules/.deno`)) {
    const [, platform] = /^@cloudflare\+(workerd-[a-z0-9-]+)@/.exec(name) ?? [];
    if (platform) return `${RUNTIMES}/node_modules/.deno/${name}/node_modules/@cloudflare/${platform}/bin/workerd`;
  }
  throw new Error("Cannot find workerd");
}

/** Puts the bundle and other files into a folder. */
async function layWorker(files: Readonly<Record<string, string | Uint8Array>>): Promise<string> {
  const folder = await Deno.makeTempDir();
  for await (const { name } of Deno.readDir(BUNDLE)) await Deno.copyFile(`${BUNDLE}/${name}`, `${folder}/${name}`);
  for (const [name, content] of Object.entries(files)) {
    await (typeof content === "string"
      ? Deno.copyFile(content, `${folder}/${name}`)
      : Deno.writeFile(`${folder}/${name}`, content));
  }
  return folder;
}

Deno.test.beforeAll(async () => {
  await Deno.mkdir(RUNTIMES, { recursive: true });
  await Deno.copyFile(`${HERE}/runtimes.json`, `${RUNTIMES}/deno.json`);
  await deno(["install", "--quiet", "--allow-scripts=npm:bun"], RUNTIMES);
  await deno(["task", "--quiet", "embed", "--out", BUNDLE]);
});

const network = fileURLToPath(NETWORK);

Deno.test("what only learning needs is loaded when something learns", async () => {
  const learning = "Cannot form batches";
  const [ofFinetune, ofOthers]: [string[], string[]] = [[], []];
  for await (const { name } of Deno.readDir(BUNDLE)) {
    if (!name.endsWith(".js")) continue;
    (name.startsWith("finetune-") ? ofFinetune : ofOthers).push(await Deno.readTextFile(`${BUNDLE}/${name}`));
  }
  assertEquals([ofFinetune.length, ofFinetune.some((text) => text.includes(learning))], [1, true]);
  assert(ofOthers.length > 0 && !ofOthers.some((text) => text.includes(learning)));
});

for (const program of ["node", `${RUNTIMES}/node_modules/bun/bin/bun.exe`, Deno.execPath()]) {
  Deno.test(`the bundle gives the bits of the sources in ${program.split("/").at(-1)}`, async () => {
    const command = program === Deno.execPath() ? ["run", "--no-prompt", "--no-config", "--allow-read"] : [];
    const answer = await run(program, [...command, `${HERE}/_script.mjs`, BUNDLE, network, QUESTIONS]);
    assertEquals(answer, expected);
  });
}

for (const isolation of ["isolated", "plain"]) {
  Deno.test(`the bundle gives the bits of the sources on a page, ${isolation}`, async () => {
    const args = [`${HERE}/_chromium.mjs`, RUNTIMES, BUNDLE, network, QUESTIONS, isolation];
    assertEquals(await run("node", args), { answer: expected, isDecoded: true, isIsolated: isolation === "isolated" });
  });
}

Deno.test("the bundle gives the bits of the sources in workerd", async () => {
  const folder = await layWorker({
    "worker.js": `${HERE}/_worker.js`,
    "questions.js": QUESTIONS,
    "network.bin": network,
  });
  assertEquals((await runWorker(folder)).answer, expected);
  await Deno.remove(folder, { recursive: true });
});

Deno.test("the example of a worker takes less than 1 MB and answers", async () => {
  const model = await load(await Deno.readFile(NETWORK));
  const picture = drawWaves(40, 30);
  const worker = `${ROOT}src/embed/examples/worker.js`;
  const folder = await layWorker({ "worker.js": worker, "model.rootstock": await model.save({ precision: "int8" }) });
  let bytes = 0;
  for await (const { name } of Deno.readDir(folder)) bytes += (await Deno.stat(`${folder}/${name}`)).size;
  assert(bytes < MOST_BYTES_OF_WORKER, `${bytes} bytes`);
  await Deno.writeFile(`${folder}.rgba`, picture.data);
  const { answer, milliseconds } = await runWorker(folder, ["/?width=40&height=30", `${folder}.rgba`]);
  const small = await load(await model.save({ precision: "int8" }));
  assertEquals(answer, await small.predict(picture, { top: 3 }));
  console.log(
    `worker: ${bytes} bytes, ${milliseconds.map(Math.round).join(" and ")} ms for the first and the second request`,
  );
  await Deno.remove(folder, { recursive: true });
  await Deno.remove(`${folder}.rgba`);
});
