import { assert, assertEquals, assertNotEquals, assertRejects } from "@std/assert";
import { alphaLearningRateFor, evaluate, predict } from "../../src/pipelines/mod.ts";
import type { Prior } from "../../src/transfer/mod.ts";
import { type DartsGenotype, type Gene, genesOf } from "../../src/spaces/darts/genotype.ts";
import {
  CELL_TYPES,
  type DartsSpace,
  edgeIndex,
  layCells,
  mixingIndex,
  PRIMITIVES,
} from "../../src/spaces/darts/space.ts";
import { readModel } from "../../src/zoo/model_file.ts";
import type { PipelineEvent } from "../../src/stages/mod.ts";
import { openSupernet } from "../../src/zoo/source.ts";
import { writeDigits } from "./_digits.ts";
import { runSearch, runTraining, runTransfer, timeless, TINY } from "./_runs.ts";

const folder = await Deno.makeTempDir();
const data = `${folder}/few-digits`;
const source = { name: `${folder}/source` };
await writeDigits(data);
await runSearch(source.name, { data, seed: 7 });

Deno.test("transfer() with prior none equals a search from scratch bit for bit", async () => {
  const searched = await runSearch(`${folder}/scratch`, { data, search: { epochs: 2 } });
  const grafted = await runTransfer(`${folder}/none`, {
    target: data,
    source: { ...source, prior: "none" },
    search: TINY.search,
  });
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
    const result = await runTransfer(out, { target: data, source: { ...source, prior } });
    assertEquals(result.curve.length, 2);
    assertEquals(result.trainCurve?.length, 1);
    const { testAccuracy, testLoss } = await evaluate({ from: out, batch: 16, build: "strict", threads: 2 });
    assertEquals([testAccuracy, testLoss], [result.testAccuracy, result.testLoss]);
    const options = { from: out, pictures: [], data, top: 10, batch: 32, build: "strict" } as const;
    const predictions = await Array.fromAsync(predict(options));
    assertEquals(predictions.length, 40);
    const [first] = predictions;
    assert(first !== undefined && "top" in first);
    const sum = first.top.reduce((total, { probability }) => total + probability, 0);
    assert(Math.abs(sum - 1) < 1e-5);
  });
}

Deno.test("transfer() lets alpha learn at the rate for what is taken over, unless another is given", async () => {
  const supernetOf = async (name: string, prior: Prior, alphaLearningRate?: number) => {
    await runTransfer(`${folder}/${name}`, {
      target: data,
      source: { ...source, prior },
      search: { epochs: 1, alphaLearningRate },
    });
    return await Deno.readFile(`${folder}/${name}/supernet.safetensors`);
  };
  for (const prior of ["both", "none"] as const) {
    const rate = alphaLearningRateFor(prior);
    const left = await supernetOf(`rate-${prior}`, prior);
    assertEquals(left, await supernetOf(`rate-${prior}-given`, prior, rate));
    assertNotEquals(left, await supernetOf(`rate-${prior}-other`, prior, rate / 3));
  }
});

Deno.test("transfer() and train() start the derived network with the shares that its terms had in the supernet", async () => {
  // Nothing learns in the training, so that the network is what it started with.
  const still = { learningRate: 0, epochs: 1 };
  const search = { epochs: 1, alphaLearningRate: 0.3 };
  await runTransfer(`${folder}/still`, { target: data, source, search, training: still });
  await runTraining(`${folder}/still-trained`, {
    data,
    architecture: { from: `${folder}/still` },
    training: { ...still, inherit: "weights" },
  });
  const { supernet } = await openSupernet(`${folder}/still`);
  const mixing = supernet.mixing(0);
  for (const run of ["still", "still-trained"]) {
    const { state, ...model } = await readModel(`${folder}/${run}`);
    const [space, genotype] = [model.space as DartsSpace, model.genotype as DartsGenotype];
    const shares = new Set<number>();
    for (const type of CELL_TYPES) {
      const { genes } = genesOf(genotype, type);
      const weightOf = ([operation, from]: Gene, k: number) =>
        mixing[mixingIndex(space, type, edgeIndex(k >> 1, from), PRIMITIVES.indexOf(operation))]!;
      genes.forEach((gene, k) => {
        const [operation] = gene;
        const share = Math.fround(weightOf(gene, k) / (weightOf(gene, k) + weightOf(genes[k ^ 1]!, k)));
        const last = operation.startsWith("sep") ? "op.7" : operation.startsWith("dil") ? "op.3" : "bn";
        for (const { index } of layCells(space.cells, space.channels).filter((cell) => cell.type === type)) {
          const gain = state.get(`cells.${index}._ops.${k}.${last}.weight`);
          if (gain === undefined) continue;
          assert(gain.data.every((value) => value === share));
          shares.add(share);
        }
      });
    }
    assert(shares.size > 1);
  }
});

Deno.test("transfer() and search() derive a network that is not larger than asked", async () => {
  const options = { target: data, source, search: { epochs: 1 } };
  const free = await runTransfer(`${folder}/free`, options);
  const maxParameters = free.parameters - 1;
  const limited = await runTransfer(`${folder}/limited`, { ...options, budget: { maxParameters } });
  assert(limited.parameters <= maxParameters);
  assertNotEquals(limited.genotype, free.genotype);
  // Weights and alpha do not know of the limit.
  const supernetOf = (name: string) => Deno.readFile(`${folder}/${name}/supernet.safetensors`);
  assertEquals(await supernetOf("limited"), await supernetOf("free"));
  const searched = await runSearch(`${folder}/small`, { data, seed: 7, budget: { maxParameters } });
  assert(searched.parameters <= maxParameters);
});

Deno.test("transfer() takes the size of the network that the source's alpha speaks for as a limit", async () => {
  const run = await Deno.readTextFile(`${source.name}/result.json`);
  const limit: number = JSON.parse(run).parameters;
  // A learning rate at which alpha becomes another one within an epoch.
  const options = { target: data, source, search: { epochs: 2, alphaLearningRate: 1 } };
  for (const seed of [0, 1, 2]) {
    const limited = await runTransfer(`${folder}/limit-${seed}`, {
      ...options,
      seed,
      budget: { maxParameters: "source" },
    });
    assert(limited.parameters <= limit);
  }
});

Deno.test("transfer() gives the source another stem if asked to, and says what of it starts anew", async () => {
  const texts: string[] = [];
  const onEvent = (event: PipelineEvent) => void (event.type === "stage" && texts.push(event.text));
  const out = `${folder}/stem`;
  const options = { target: data, source, sizes: { stem: "stride4" }, search: { epochs: 1 } };
  const result = await runTransfer(out, options, { onEvent });
  assertEquals(
    result.anew,
    ["stem.0", "stem.1", "stem.3", "stem.4"].flatMap((name) => [
      `${name}.weight`,
      ...(name === "stem.1" || name === "stem.4" ? [`${name}.bias`] : []),
    ]),
  );
  assert(texts.some((text) => text.includes("from") && text.includes(", stem stride4 (6 tensors start anew): ")));
  const { testAccuracy, testLoss } = await evaluate({ from: out, batch: 16, build: "strict", threads: 2 });
  assertEquals([testAccuracy, testLoss], [result.testAccuracy, result.testLoss]);
  assertEquals((await openSupernet(out)).supernet.space, result.space as object);
  // A network that is trained of that run has its stem.
  const trained = await runTraining(`${out}-trained`, {
    data,
    architecture: { from: out },
    training: { inherit: "weights" },
  });
  assertEquals((trained.space as DartsSpace).stem, "stride4");
  const same = await runTransfer(`${folder}/same-stem`, { target: data, source, search: { epochs: 1 } });
  assertEquals([(same.space as DartsSpace).stem, "anew" in same && same.anew !== undefined], ["cifar", false]);
});

Deno.test("transfer() says before the first step that nothing fits", async () => {
  const attempt = () =>
    runTransfer(`${folder}/too-small`, {
      target: data,
      source,
      budget: { maxParameters: 10 },
    });
  await assertRejects(attempt, RangeError, "at most 10 parameters: the smallest has");
});

Deno.test("transfer() refuses a source that does not exist", async () => {
  const attempt = () => runTransfer(`${folder}/absent`, { target: data, source: { name: "no-such-entry" } });
  await assertRejects(attempt, Deno.errors.NotFound, "no-such-entry");
});

globalThis.addEventListener("unload", () => Deno.removeSync(folder, { recursive: true }));

Deno.test("transfer() takes a darts entry over to methods whose alpha has the same tensors, and refuses the others clearly", async () => {
  const by = (method: string, prior: Prior = "both") => {
    const options = { target: data, source: { ...source, prior }, search: { method, epochs: 1 } };
    return runTransfer(`${folder}/to-${method}-${prior}`, options);
  };
  for (const method of ["beta-darts", "gdas"]) assertEquals((await by(method)).method, method);
  const error = await assertRejects(() => by("evolution"), RangeError);
  assert(
    /of .*source: darts has alphas_normal .*, expected path_alphas_normal .* as evolution has; --prior/.test(
      error.message,
    ),
  );
  const { supernet } = await openSupernet(`${folder}/to-gdas-both`);
  assertEquals([supernet.method.name, supernet.method.parameters[0]!.name], ["gdas", "alphas_normal"]);
  assertEquals((await by("evolution", "weights")).method, "evolution");
});
