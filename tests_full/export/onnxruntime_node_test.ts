import { assert, assertEquals } from "@std/assert";
import { fileURLToPath } from "node:url";
import { openDataset } from "../../src/data/mod.ts";
import { writeOnnx } from "../../src/export/onnx/write.ts";
import { makeSpace, randomGenotype } from "../../src/spaces/mod.ts";
import { type Model, readModel } from "../../src/zoo/mod.ts";
import {
  bestOf,
  engineLogits,
  largestDifference,
  noise,
  randomModel,
  testPixels,
} from "../../tests/export/_networks.ts";
import { fetchOnnxRuntime, RUNTIME } from "../../tests/onnx/_onnxruntime.ts";
import type { NativeRun } from "./_run_natively.ts";

const ROOT = fileURLToPath(new URL("../../", import.meta.url));
const FOLDER = `${ROOT}runs/onnxruntime-node`;
const COUNT = 200;

async function deno(args: readonly string[], cwd: string): Promise<string> {
  const { success, stdout, stderr } = await new Deno.Command(Deno.execPath(), { args: [...args], cwd }).output();
  assert(success, new TextDecoder().decode(stderr));
  return new TextDecoder().decode(stdout);
}

/** Runs files natively; the library is fetched by the first test that asks for it. */
async function runNatively(runs: readonly NativeRun[]): Promise<Float32Array[]> {
  await Deno.mkdir(FOLDER, { recursive: true });
  await Deno.copyFile(new URL("onnxruntime_node.json", import.meta.url), `${FOLDER}/deno.json`);
  await deno(["install", "--quiet"], FOLDER);
  const script = fileURLToPath(new URL("_run_natively.ts", import.meta.url));
  const permissions = ["--no-prompt", "--no-config", "--allow-read", "--allow-ffi"];
  const answer = await deno(["run", ...permissions, script, FOLDER, JSON.stringify(runs)], FOLDER);
  return (JSON.parse(answer) as number[][]).map((logits) => Float32Array.from(logits));
}

interface Export {
  model: Model;
  pixels: Uint8Array<ArrayBuffer>;
  precision: "f32" | "int8";
}

/** Logits of networks here and, from the files that they are exported as, natively. */
async function compareAll(exports: readonly Export[]): Promise<{ here: Float32Array; there: Float32Array }[]> {
  const folder = await Deno.makeTempDir();
  try {
    const runs: NativeRun[] = [];
    for (const [i, { model, pixels, precision }] of exports.entries()) {
      const [file, bytes] = [`${folder}/${i}.onnx`, `${folder}/${i}.bin`];
      const { height, width, inputChannels } = model.space;
      const images = precision === "int8" ? await trainingImages(model) : undefined;
      await Deno.writeFile(file, await writeOnnx(model, { input: "uint8", precision, images, runtime: RUNTIME }));
      await Deno.writeFile(bytes, pixels);
      const count = pixels.length / (height * width * inputChannels);
      runs.push({ file, pixels: bytes, shape: [count, height, width, inputChannels] });
    }
    const there = await runNatively(runs);
    const here = await Promise.all(exports.map(({ model, pixels }) => engineLogits(model, pixels)));
    return here.map((logits, i) => ({ here: logits, there: there[i]! }));
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}

async function trainingImages({ data }: Model) {
  await fetchOnnxRuntime();
  const { train, height, width, channels } = await openDataset(data);
  return { pixels: train.pixels, count: 64, shape: [height, width, channels] } as const;
}

Deno.test("native onnxruntime says of 200 pictures what the engine says, in f32 and nearly so in int8", async () => {
  const model = await readModel(`${ROOT}data/zoo/fashion-mnist/network.safetensors`);
  const pixels = await testPixels("fashion-mnist-12k", COUNT);
  const [f32, int8] = await compareAll([{ model, pixels, precision: "f32" }, { model, pixels, precision: "int8" }]);
  const difference = largestDifference(f32!.there, f32!.here);
  assert(difference <= 1e-4, `logits differ by ${difference}`);
  assertEquals(bestOf(f32!.there, 10), bestOf(f32!.here, 10));
  const rounded = bestOf(int8!.there, 10);
  const agreed = bestOf(int8!.here, 10).filter((label, i) => label === rounded[i]).length;
  assert(agreed >= 0.97 * COUNT, `${agreed} of ${COUNT} pictures`);
});

Deno.test("native onnxruntime computes what the engine does for forty networks at random", async () => {
  const stems = ["cifar", "stride2", "stride4", "imagenet"];
  const exports = Array.from({ length: 40 }, (_, i): Export => {
    const images = { classes: 2 + 7 * (i % 9), height: 33 + i % 8, width: 33 + (5 * i) % 9 };
    const sizes = { channels: 4 + 2 * (i % 4), cells: 3 + i % 3, nodes: 2 + i % 3, stem: stems[i % 4]! };
    const space = makeSpace({ name: "darts", inputChannels: i % 3 === 0 ? 1 : 3, ...images }, sizes);
    const model = randomModel(space, randomGenotype(i, space), i);
    const { height, width, inputChannels } = space;
    return { model, pixels: noise(2 * height * width * inputChannels, i), precision: "f32" };
  });
  for (const [i, { here, there }] of (await compareAll(exports)).entries()) {
    const spread = largestDifference(here, new Float32Array(here.length));
    const difference = largestDifference(there, here);
    assert(spread > 0.1 && difference <= 1e-4 * Math.max(1, spread), `network ${i}: ${difference} of ${spread}`);
  }
});
