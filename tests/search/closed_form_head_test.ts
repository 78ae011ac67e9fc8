import { assert, assertEquals, assertLess, assertThrows } from "@std/assert";
import { Engine } from "../../src/engine/mod.ts";
import { buildSupernet } from "../../src/spaces/mod.ts";
import { evaluateNetwork, fitHead } from "../../src/search/mod.ts";
import { batchSource } from "../../src/batches/mod.ts";
import { TINY_SPACE, tinyTask } from "../network/_tiny_task.ts";

async function withSupernet(work: (engine: Engine, network: ReturnType<Engine["compile"]>) => void, threads = 1) {
  const engine = await Engine.start({ build: "strict", threads });
  const network = engine.compile(buildSupernet(TINY_SPACE), { batch: 16 });
  network.initialise(5);
  network.setMixing(new Float32Array(network.mixingCount).fill(0.125));
  work(engine, network);
  engine.close();
}

Deno.test("fitHead() finds a head that tells images apart which it has not seen", () =>
  withSupernet((engine, network) => {
    const data = tinyTask(engine, { count: 240 });
    const [seen, unseen] = [data.indices.slice(0, 160), data.indices.slice(160)];
    const before = new Map(network.parameters.map(({ name }) => [name, network.read(name)]));
    const { loss, accuracy, batches } = fitHead(engine, network, { data, indices: seen, batch: 16, seed: 1 });
    assertEquals(batches, 10);
    const found = evaluateNetwork(network, data, { indices: unseen, batch: 16 });
    assert(found.accuracy > 0.8, `accuracy is ${found.accuracy}`);
    assertLess(Math.abs(found.accuracy - accuracy), 0.15);
    assertLess(Math.abs(found.loss - loss), 0.3);
    for (const [name, values] of before) {
      assertEquals(network.read(name).every((value, i) => value === values[i]), !name.startsWith("classifier."), name);
    }
  }));

Deno.test("fitHead() gives the same bits for any number of threads", async () => {
  const heads: Float32Array[] = [];
  for (const threads of [1, 3]) {
    await withSupernet((engine, network) => {
      const data = tinyTask(engine, { count: 50 });
      fitHead(engine, network, { data, indices: data.indices, batch: 16, seed: 1 });
      heads.push(network.read("classifier.weight"));
    }, threads);
  }
  assertEquals(heads[0], heads[1]);
});

Deno.test("Engine.evaluateClassifier() gives the bits of a network's forward pass with that head", () =>
  withSupernet((engine, network) => {
    const data = tinyTask(engine, { count: 16 });
    const { loss, correct, count } = network.forward(batchSource(data, data.indices, { seed: 0, epoch: 0 }), {
      training: false,
    });
    const [features, labels] = [network.features(), Uint32Array.from(data.labels)];
    const head = { weights: network.read("classifier.weight"), biases: network.read("classifier.bias") };
    assertEquals(engine.evaluateClassifier(features, labels, head), { loss, correct, count });
  }));

Deno.test("Engine.evaluateClassifier() refuses what does not fit", async () => {
  const engine = await Engine.start({ build: "strict", threads: 1 });
  const head = { weights: new Float32Array(6), biases: new Float32Array(3) };
  const evaluate = (features: number, labels: number[], given = head) => () =>
    engine.evaluateClassifier(new Float32Array(features), Uint32Array.from(labels), given);
  assertEquals(evaluate(4, [0, 2])().count, 2);
  assertThrows(evaluate(5, [0, 2]), Error, "found 5 features of 2 images and 6 weights of 3 classes");
  assertThrows(evaluate(0, []), Error, "0 images");
  assertThrows(evaluate(0, [0, 1]), Error, "found 0 features");
  assertThrows(evaluate(6, [0, 2]), Error, "found 6 features");
  assertThrows(evaluate(4, [0, 3]), Error, "label 3 is out of range");
  assertThrows(evaluate(4, [0, 0], { ...head, biases: new Float32Array() }), Error, "0 classes");
  engine.close();
});
