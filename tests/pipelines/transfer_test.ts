import { assert, assertEquals, assertNotEquals, assertRejects } from "@std/assert";
import { alphaLearningRateFor, evaluate, predict, type TransferOptions } from "../../src/pipelines/mod.ts";
import { writeDigits } from "./_digits.ts";
import { runSearch, runTransfer, timeless, TINY } from "./_runs.ts";

const folder = await Deno.makeTempDir();
const data = `${folder}/few-digits`;
const source = `${folder}/source`;
await writeDigits(data);
await runSearch(source, { data, seed: 7 });

Deno.test("transfer() with prior none equals a search from scratch bit for bit", async () => {
  const searched = await runSearch(`${folder}/scratch`, { data, epochs: 2 });
  const grafted = await runTransfer(`${folder}/none`, { target: data, source, prior: "none", batch: TINY.batch });
  assertEquals(timeless(grafted.curve), timeless(searched.curve));
  assertEquals(grafted.genotype, searched.genotype);
  assertEquals(
    await Deno.readFile(`${folder}/none/supernet.safetensors`),
    await Deno.readFile(`${folder}/scratch/supernet.safetensors`),
  );
});

for (const prior of ["both", "weights", "alpha"] as const) {
  Deno.test(`transfer() with prior ${prior} leaves a network that evaluates and predicts as reported`, async () => {
    const out = `${folder}/${prior}`;
    const result = await runTransfer(out, { target: data, source, prior });
    assertEquals(result.curve.length, 2);
    assertEquals(result.trainCurve?.length, 1);
    const { testAccuracy, testLoss } = await evaluate({ from: out, batch: 16, build: "strict", threads: 2 });
    assertEquals([testAccuracy, testLoss], [result.testAccuracy, result.testLoss]);
    const predictions = await predict({ from: out, files: [], data, top: 10, batch: 32, build: "strict" });
    assertEquals(predictions.length, 40);
    const sum = predictions[0]!.top.reduce((total, { probability }) => total + probability, 0);
    assert(Math.abs(sum - 1) < 1e-5);
  });
}

Deno.test("transfer() lets alpha learn at the rate for what is taken over, unless another is given", async () => {
  const supernetOf = async (name: string, options: Partial<TransferOptions>) => {
    await runTransfer(`${folder}/${name}`, { target: data, source, epochs: 1, ...options });
    return await Deno.readFile(`${folder}/${name}/supernet.safetensors`);
  };
  for (const prior of ["both", "none"] as const) {
    const rate = alphaLearningRateFor(prior);
    const left = await supernetOf(`rate-${prior}`, { prior });
    assertEquals(left, await supernetOf(`rate-${prior}-given`, { prior, alphaLearningRate: rate }));
    assertNotEquals(left, await supernetOf(`rate-${prior}-other`, { prior, alphaLearningRate: rate / 3 }));
  }
});

Deno.test("transfer() and search() derive a network that is not larger than asked", async () => {
  const free = await runTransfer(`${folder}/free`, { target: data, source, epochs: 1 });
  const maxParameters = free.parameters - 1;
  const limited = await runTransfer(`${folder}/limited`, { target: data, source, epochs: 1, maxParameters });
  assert(limited.parameters <= maxParameters);
  assertNotEquals(limited.genotype, free.genotype);
  // Weights and alpha do not know of the limit.
  const supernetOf = (name: string) => Deno.readFile(`${folder}/${name}/supernet.safetensors`);
  assertEquals(await supernetOf("limited"), await supernetOf("free"));
  const searched = await runSearch(`${folder}/small`, { data, seed: 7, maxParameters });
  assert(searched.parameters <= maxParameters);
});

Deno.test("transfer() takes the size of the network that the source's alpha speaks for as a limit", async () => {
  const run = await Deno.readTextFile(`${source}/result.json`);
  const limit: number = JSON.parse(run).parameters;
  // A learning rate at which alpha becomes another one within an epoch.
  const options = { target: data, source, epochs: 2, alphaLearningRate: 1 };
  for (const seed of [0, 1, 2]) {
    const limited = await runTransfer(`${folder}/limit-${seed}`, { ...options, seed, maxParameters: "source" });
    assert(limited.parameters <= limit);
  }
});

Deno.test("transfer() says before the first step that nothing fits", async () => {
  const attempt = () => runTransfer(`${folder}/too-small`, { target: data, source, maxParameters: 10 });
  await assertRejects(attempt, RangeError, "at most 10 parameters: the smallest has");
});

Deno.test("transfer() refuses a source that does not exist", async () => {
  const attempt = () => runTransfer(`${folder}/absent`, { target: data, source: "no-such-entry" });
  await assertRejects(attempt, Deno.errors.NotFound, "no-such-entry");
});

globalThis.addEventListener("unload", () => Deno.removeSync(folder, { recursive: true }));
