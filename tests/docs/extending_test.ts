import {
  assert,
  assertAlmostEquals,
  assertEquals,
  assertMatch,
  assertRejects,
  assertStringIncludes,
  assertThrows,
} from "@std/assert";
import { fileURLToPath } from "node:url";
import { compare, COMPARE_DEFAULTS, type CompareOptions, registerArm } from "../../src/compare/mod.ts";
import { DataError, decodeImage, openDataset, registerDecoder, registerReader } from "../../src/data/mod.ts";
import { registerExporter } from "../../src/export/mod.ts";
import { evaluate, exportModel, search, SEARCH_DEFAULTS, type SearchOptions } from "../../src/pipelines/mod.ts";
import { mergeSettings, type SomeSettings } from "../../src/run/mod.ts";
import { registerMethod } from "../../src/search/mod.ts";
import {
  deriveGenotype,
  formatGenotype,
  makeSpace,
  pruneSpace,
  registerSpace,
  type Space,
} from "../../src/spaces/mod.ts";
import { Session } from "../../src/stages/mod.ts";
import { readModel } from "../../src/zoo/mod.ts";
import { inDigits } from "../pipelines/_folder.ts";
import { runTraining } from "../pipelines/_runs.ts";
import { inTwoZoo } from "../pipelines/_zoo.ts";
import { ROOT } from "../rules/_sources.ts";
import { layRecipes, listRecipeFiles } from "./_recipes.ts";

const laid = await layRecipes(await Deno.makeTempDir({ prefix: "recipes-" }));
const load = async (path: string) => await import(laid.get(path)!);
const { SHARPEN } = await load("src/search/methods/sharpen.ts");
const { STACK } = await load("src/spaces/stack/kind.ts");
const { ROWS } = await load("src/data/readers/rows.ts");
const { PGM } = await load("src/data/decoders/pgm.ts");
const { CSV } = await load("src/export/exporters/csv.ts");
const { WEIGHTS_ONLY } = await load("src/compare/arms/weights_only.ts");
registerMethod(SHARPEN);
registerSpace(STACK);
registerReader(ROWS);
registerDecoder(PGM);
registerExporter(CSV);
registerArm(WEIGHTS_ONLY);

Deno.test.afterAll(() => Deno.remove(new URL(".", laid.get("my_rootstock.ts")!), { recursive: true }));

const IMAGES = { classes: 10, inputChannels: 1, height: 8, width: 8 } as const;

/** Runs a search of one epoch. */
async function runSearch(out: string, options: SomeSettings<SearchOptions> & { data: string }) {
  const base: SearchOptions = { ...SEARCH_DEFAULTS, data: options.data };
  const configuration = mergeSettings(base, { search: { epochs: 1, batch: 16 } }, options);
  await using session = await Session.start({ command: "search", out, configuration, build: "strict", threads: 1 });
  return await search(session, configuration);
}

/** Writes a file of the toy format that holds a part of an embedded dataset. */
async function writeRows(file: string, count = 64): Promise<void> {
  const { train: { pixels, labels }, height, width, channels } = await openDataset("uci-digits");
  const size = height * width * channels;
  const rows = Array.from({ length: count }, (_, i) => [labels[i]!, ...pixels.read(i * size, (i + 1) * size)]);
  const header = new TextEncoder().encode(`ROWS ${height} ${width} ${channels}\n`);
  await Deno.writeFile(file, Uint8Array.from([...header, ...rows.flat()]));
}

Deno.test("every recipe has its file", () => {
  assertEquals([...laid.keys()], [
    "my_rootstock.ts",
    "src/search/methods/sharpen.ts",
    "src/spaces/stack/kind.ts",
    "src/data/readers/rows.ts",
    "src/data/decoders/pgm.ts",
    "src/export/exporters/csv.ts",
    "src/compare/arms/weights_only.ts",
  ]);
});

Deno.test("the kernel recipe has its three files, which `deno task test:kernels` compiles and runs", async () => {
  assertEquals((await listRecipeFiles("rust")).map(({ path }) => path), [
    "kernels/src/reference/leaky_relu.rs",
    "kernels/src/layers/leaky_relu.rs",
    "kernels/tests/leaky_relu.rs",
  ]);
});

Deno.test("recipe 1: the gradient of the method is that of finite differences, at every temperature", () => {
  const space = makeSpace({ name: "stack", ...IMAGES }, { layers: 2 });
  const method = SHARPEN.create(pruneSpace(space, Float32Array.of(0, 1, 2, 0, 1, 2), 2));
  const alpha = Float32Array.of(0.3, -0.2, 0.5, 0.1, 0.4, -0.6);
  const context = { purpose: "alpha", seed: 0, epoch: 0, step: 0 };
  const slopes = Float32Array.of(1, -2, 3, 0.5, 2, -1);
  const loss = (at: Float32Array) =>
    method.mix(at, context).weights.reduce((sum: number, weight: number, i: number) => sum + weight * slopes[i]!, 0);
  for (const epoch of [0, 1, 2]) {
    method.startEpoch(epoch, 3);
    const { weights, gradient } = method.mix(alpha, context);
    assertEquals([weights[0], weights[3]], [0, 0]);
    for (const row of [0, 3]) assertAlmostEquals(weights[row] + weights[row + 1] + weights[row + 2], 1, 1e-6);
    gradient(slopes).forEach((slope: number, i: number) => {
      const moved = (by: number) => loss(alpha.map((value, k) => k === i ? value + by : value));
      assertAlmostEquals(slope, (moved(0.01) - moved(-0.01)) / 0.02, 0.02);
    });
  }
});

Deno.test("recipes 1, 2 and 5: the space is searched by the method, its network is trained, tested and exported", () =>
  inDigits(async (folder, data) => {
    const found = await runSearch(`${folder}/searched`, {
      data,
      sizes: { space: "stack" },
      search: { method: "sharpen" },
    });
    assertEquals([(found.space as Space).name, found.method], ["stack", "sharpen"]);
    const genotype = formatGenotype(found.genotype, "stack");
    const out = `${folder}/trained`;
    const trained = await runTraining(out, { data, architecture: { genotype }, sizes: { space: "stack" } });
    assertEquals([trained.genotype, trained.parameters], [found.genotype, found.parameters]);
    const evaluated = await evaluate({ from: out, batch: 16, build: "strict", threads: 1 });
    assertEquals(evaluated.testAccuracy, trained.testAccuracy);

    const { file } = await exportModel({ from: out, format: "csv" });
    const { state } = await readModel(out);
    const lines = (await Deno.readTextFile(file)).trimEnd().split("\n");
    assertEquals([file, lines.length], [`${out}/exported.csv`, 1 + state.size]);
    const { data: bias } = state.get("classifier.bias")!;
    const mean = Array.from(bias, Number).reduce((sum, value) => sum + value, 0) / 10;
    assert(lines.includes(`classifier.bias,10,${mean}`));
  }));

type Stack = { layers: string[] };

Deno.test("recipe 2: the space keeps to a limit of parameters", () => {
  const space = makeSpace({ name: "stack", ...IMAGES }, { channels: 4 });
  const strengths = Float32Array.from({ length: 12 }, (_, i) => [3, 1, 2][i % 3]!);
  assertEquals((deriveGenotype(strengths, space) as Stack).layers, Array(4).fill("convolution"));
  // Stem 4·9 + 8, classifier 10·4 + 10, and a convolution of 4·4 + 8.
  const small = deriveGenotype(strengths, space, 94 + 24) as Stack;
  assertEquals(small.layers.toSorted(), ["convolution", "skip", "skip", "skip"]);
  assertThrows(() => deriveGenotype(strengths, space, 93), RangeError, "at most 93 parameters: the smallest has 94");
});

Deno.test("recipe 3: a file of the format is opened and trained on, and a cut one refused in a line that names it", () =>
  inDigits(async (folder) => {
    const data = `${folder}/digits.rows`;
    await writeRows(data);
    const { train, validation, test, height, width } = await openDataset(data);
    assertEquals([height, width, train.count + (validation?.count ?? 0) + test.count], [28, 28, 64]);
    const trained = await runTraining(`${folder}/trained`, {
      data,
      architecture: { genotype: "convolution-average" },
      sizes: { space: "stack", layers: 2 },
    });
    assertEquals(trained.epochs, 1);
    const bytes = await Deno.readFile(data);
    for (const length of [bytes.length - 1, 10, 6]) {
      await Deno.writeFile(data, bytes.subarray(0, length));
      await assertRejects(() => openDataset(data), DataError, data);
    }
  }));

Deno.test("recipe 4: a folder of pictures of the type is opened, and a cut one refused in a line that names it", () =>
  inDigits(async (folder) => {
    const picture = (...pixels: number[]) =>
      Uint8Array.from([...new TextEncoder().encode("P5\n# made by hand\n3 2\n255\n"), ...pixels]);
    const whole = picture(0, 50, 100, 150, 200, 255);
    const { pixels, height, width, channels } = await decodeImage(whole, "a.pgm");
    assertEquals([[...pixels], height, width, channels], [[0, 50, 100, 150, 200, 255], 2, 3, 1]);
    for (let length = 2; length < whole.length; length++) {
      await assertRejects(() => decodeImage(whole.slice(0, length), "a.pgm"), DataError, "Cannot read a.pgm: it ");
    }
    for (const [name, level] of [["dark", 10], ["light", 240]] as const) {
      await Deno.mkdir(`${folder}/grey/${name}`, { recursive: true });
      for (let i = 0; i < 5; i++) {
        await Deno.writeFile(`${folder}/grey/${name}/${i}.pgm`, picture(...Array(6).fill(level + i)));
      }
    }
    const { classes, channels: grey, train, test } = await openDataset(`${folder}/grey`, { cache: `${folder}/cache` });
    assertEquals([classes, grey, train.count, test.count], [["dark", "light"], 1, 8, 2]);
  }));

Deno.test("recipe 6: the arm is compared with the others", () =>
  inTwoZoo(async ({ folder, zoo, data }) => {
    const base: CompareOptions = { ...COMPARE_DEFAULTS, targets: [data], zoo };
    const transfer = { search: { epochs: 1, batch: 16 }, training: { epochs: 1, batch: 16 } };
    const configuration = mergeSettings(base, { transfer, seeds: [0], arms: ["selected", "weights-only"] });
    const out = `${folder}/comparison`;
    const session = { command: "compare", out, configuration, build: "strict", threads: 1 } as const;
    await using opened = await Session.start(session);
    const { targets: [compared], leftOut } = await compare(opened, configuration);
    assertEquals(leftOut, []);
    const [selected, weightsOnly] = compared!.arms;
    assertEquals([selected!.arm, weightsOnly!.arm], ["selected", "weights-only"]);
    assertEquals(weightsOnly!.source, selected!.source);
    const { configuration: { source } } = JSON.parse(
      await Deno.readTextFile(`${out}/${weightsOnly!.seeds[0]!.folder}/config.json`),
    );
    assertEquals(source.prior, "weights");
  }));

Deno.test("the command line knows what a file of one's own has registered before it, and the type checker agrees with all", () =>
  inDigits(async (folder) => {
    const data = `${folder}/digits.rows`;
    await writeRows(data);
    // Files below runs/ are no part of the project: `deno check` would leave them out, `deno run --check` does not.
    assertMatch(await runOwn("--check", ["--version"]), /^Rootstock /);
    const rootstock = async (...args: string[]) =>
      JSON.parse(await runOwn("--no-check", [...args, "--json", "--quiet"]));
    const [searched, out] = [`${folder}/searched`, `${folder}/transferred`];
    const tiny = ["--epochs", "1", "--batch", "16", "--build", "strict"];
    const chosen = ["--space", "stack", "--layers", "2", "--method", "sharpen"];
    await rootstock("search", "--data", data, "--out", searched, ...chosen, ...tiny);
    const source = ["--source", searched, "--method", "sharpen", "--train-epochs", "1"];
    await rootstock("transfer", "--target", data, "--out", out, ...source, ...tiny);
    const { file } = await rootstock("export", "--from", out, "--format", "csv");
    assertStringIncludes(await Deno.readTextFile(file), "tensor,shape,mean\n");
  }));

/** Runs the recipe's own command line; returns what it prints. */
async function runOwn(check: "--check" | "--no-check", args: readonly string[]): Promise<string> {
  const config = fileURLToPath(new URL("deno.json", ROOT));
  const permissions = ["--no-prompt", "--allow-read", "--allow-write", "--allow-env"];
  const script = fileURLToPath(laid.get("my_rootstock.ts")!);
  const command = new Deno.Command(Deno.execPath(), {
    args: ["run", check, "--config", config, ...permissions, script, ...args],
  });
  const { code, stdout, stderr } = await command.output();
  assertEquals(code, 0, new TextDecoder().decode(stderr));
  return new TextDecoder().decode(stdout);
}
