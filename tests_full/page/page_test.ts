import { assert, assertEquals, assertMatch } from "@std/assert";
import { encode } from "fast-png";
import { fileURLToPath } from "node:url";
import { Networks } from "../../page/networks.ts";
import { type Dataset, openDataset } from "../../src/data/mod.ts";
import type { Pixels } from "../../src/embed/mod.ts";

const ROOT = fileURLToPath(new URL("../../", import.meta.url));
const RUNTIMES = `${ROOT}runs/runtimes`;
const PAGE = `${ROOT}runs/tests/page`;
const PICTURES = `${ROOT}runs/tests/page-pictures`;
/** Here people look at what the page looks like. */
const SHOTS = `${ROOT}runs/page-shots`;

interface Seen {
  readonly isIsolated: boolean;
  readonly drawn: string[];
  readonly clothes: string[];
  readonly photographs: string[];
  readonly scenes: string[];
  readonly taught?: [before: number, head: number, after: number, seconds: number];
  readonly saved?: { name: string; isSame: boolean; labels: string[] };
  readonly hasCamera?: boolean;
  readonly refused?: string[];
  readonly keys?: { reached: string[]; drawn: string[] };
  readonly taughtByKeys?: [dialogues: number, focused: string, saved: string];
  readonly dropped?: string[];
  readonly installation?: { errors: string[]; icons: number[] };
  readonly offline?: string[];
  readonly complaints: string[];
  readonly barriers: string[];
  readonly foreign: string[];
}

async function deno(args: readonly string[], cwd = ROOT): Promise<string> {
  const { success, stdout, stderr } = await new Deno.Command(Deno.execPath(), { args: [...args], cwd }).output();
  assert(success, new TextDecoder().decode(stdout) + new TextDecoder().decode(stderr));
  return new TextDecoder().decode(stdout);
}

/** Uses the page at an address, or of a folder, in Chromium; a Deno that may start Node and nothing else does it. */
async function usePage(where: string): Promise<Seen> {
  const code = `const { success, stdout, stderr } = await new Deno.Command("node", { args: Deno.args }).output();
    if (!success) throw new Error(new TextDecoder().decode(stderr));
    await Deno.stdout.write(stdout);`;
  const script = `data:text/javascript,${encodeURIComponent(code)}`;
  const driver = [`${ROOT}tests_full/page/_chromium.mjs`, RUNTIMES, where, PICTURES, SHOTS];
  return JSON.parse(await deno(["run", "--no-prompt", "--no-config", "--allow-run=node", script, ...driver]));
}

/** Starts `deno task page`, and ends it when the work is done. */
async function whileServed<Result>(work: (address: string) => Promise<Result>): Promise<Result> {
  const args = ["task", "--quiet", "page", "--port", "0"];
  const server = new Deno.Command(Deno.execPath(), { args, cwd: ROOT, stdout: "piped", stderr: "inherit" }).spawn();
  const lines = server.stdout.pipeThrough(new TextDecoderStream());
  let said = "";
  for await (const text of lines.values({ preventCancel: true })) {
    said += text;
    if (said.includes("http://")) break;
  }
  try {
    return await work(/http:\S+/.exec(said)![0]);
  } finally {
    server.kill("SIGTERM");
    await lines.cancel();
    await server.status;
  }
}

/** Writes pictures of a dataset's test part as PNG files; of one class if it is named. */
async function writePictures(name: string, dataset: Dataset, count: number, label?: string): Promise<void> {
  const { height, width, channels, test, classes } = dataset;
  const size = height * width * channels;
  await Deno.mkdir(`${PICTURES}/${name}`, { recursive: true });
  const indices = Array.from({ length: test.count }, (_, i) => i)
    .filter((i) => label === undefined || classes[test.labels[i]!] === label);
  for (const i of indices.slice(0, count)) {
    const data = test.pixels.read(i * size, (i + 1) * size);
    const file = `${PICTURES}/${name}/${String(i).padStart(4, "0")}.png`;
    await Deno.writeFile(file, encode({ width, height, channels, depth: 8, data }));
  }
}

/** What a network of the page says of the same pictures in Deno. */
async function expectLabels(network: string, dataset: Dataset, count: number): Promise<string[]> {
  const networks = new Networks();
  const { id } = await networks.open(await Deno.readFile(`${PAGE}/${network}.rootstock`));
  const pictures = Array.from({ length: count }, (_, i) => readPixels(dataset, i));
  return (await networks.ask(id, pictures, 1)).answers.map(([first]) => first!.label);
}

/** A picture of the test part as a canvas has it. */
function readPixels({ height, width, channels, test }: Dataset, index: number): Pixels {
  const size = height * width * channels;
  const values = test.pixels.read(index * size, (index + 1) * size);
  const data = new Uint8Array(4 * height * width).fill(255);
  for (let pixel = 0; pixel < height * width; pixel++) {
    for (let i = 0; i < 3; i++) data[4 * pixel + i] = values[pixel * channels + i % channels]!;
  }
  return { data, width, height };
}

const CLOTHES = 20;
const ASKED = 8;
let clothes: string[];
let photographs: string[];

Deno.test.beforeAll(async () => {
  await Deno.mkdir(RUNTIMES, { recursive: true });
  await Deno.mkdir(SHOTS, { recursive: true });
  await Deno.copyFile(`${ROOT}tests_full/embed/runtimes.json`, `${RUNTIMES}/deno.json`);
  await deno(["install", "--quiet", "--allow-scripts=npm:bun"], RUNTIMES);
  await deno(["task", "--quiet", "page", "--out", PAGE]);
  await Deno.remove(PICTURES, { recursive: true }).catch(() => {});
  const hands = await openDataset("sign-language-digits");
  await writePictures("teach-zero", hands, 10, "0");
  await writePictures("teach-five", hands, 10, "5");
  await writePictures("ask", hands, ASKED);
  const fashion = await openDataset("fashion-mnist-12k");
  await writePictures("clothes", fashion, CLOTHES);
  clothes = await expectLabels("fashion-mnist", fashion, CLOTHES);
  photographs = await expectLabels("photos", hands, ASKED);
});

Deno.test("the page names, learns, saves and refuses as it should, by mouse and by keys, with the task's server", async () => {
  const seen = await whileServed(usePage);
  assertEquals([seen.complaints, seen.barriers, seen.foreign], [[], [], []]);
  assert(seen.isIsolated);
  assertEquals(seen.drawn, ["7", "plus"]);
  assertEquals([seen.clothes, seen.photographs], [clothes, photographs]);
  const scenes = ["buildings", "forest", "glacier", "mountain", "sea", "street"];
  assert(seen.scenes.length === ASKED && seen.scenes.every((label) => scenes.includes(label)), seen.scenes.join());
  const [before, head, after, seconds] = seen.taught!;
  console.log(`taught: ${before} % before, ${head} % by the last layer, ${after} % after, ${seconds} s`);
  assert(after >= 80 && after > before, `${after} % after, ${before} % before`);
  assertEquals([seen.saved!.name, seen.saved!.isSame, seen.saved!.labels.length], ["five-zero.rootstock", true, 8]);
  assertEquals(seen.dropped!.length, ASKED);
  assert(seen.dropped!.every((label) => label === "zero" || label === "five"), seen.dropped!.join());
  assert(seen.hasCamera);
  assertMatch(seen.refused![0]!, /^letter\.txt: found no picture/);
  assertMatch(seen.refused![1]!, /^Cannot read broken\.rootstock: /);
  assertEquals(seen.keys!.drawn, ["minus", "plus"]);
  assertEquals(seen.taughtByKeys, [2, "learn", "five-zero.rootstock"]);
  assertEquals(seen.installation!.errors, []);
  assert(seen.installation!.icons.every((difference) => difference < 1), seen.installation!.icons.join());
  // What is disabled is not reached; of radio buttons the one that is chosen is.
  assertEquals(seen.keys!.reached.filter((id) => /^[a-z-]+$/.test(id)), [
    "network",
    "open",
    "save",
    "draw",
    "question",
    "drawing",
    "use-drawing",
    "clear",
    "inverse",
    "depth",
  ]);
});

Deno.test("the page works from any static server, without isolation, and without a server once it was opened", async () => {
  const seen = await usePage(PAGE);
  assertEquals([seen.complaints, seen.foreign], [[], []]);
  assert(!seen.isIsolated);
  assertEquals(seen.drawn, ["7", "plus"]);
  assertEquals([seen.clothes, seen.offline], [clothes, clothes]);
});
