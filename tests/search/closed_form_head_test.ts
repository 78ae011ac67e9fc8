import { assert, assertEquals, assertLess } from "@std/assert";
import { Engine } from "../../src/engine/mod.ts";
import { buildSupernet } from "../../src/network/mod.ts";
import { evaluateNetwork, fitHead } from "../../src/search/mod.ts";
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
    assertEquals(batches, 40);
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
