import { assert, assertEquals } from "@std/assert";
import { Engine } from "../../src/engine/mod.ts";
import { buildSupernet } from "../../src/network/mod.ts";
import {
  decodeHead,
  encodeHead,
  evaluateNetwork,
  type Evaluation,
  HeadProbe,
  isOfFittedHead,
} from "../../src/search/mod.ts";
import { TINY_SPACE, tinyTask } from "../network/_tiny_task.ts";

const engine = await Engine.start({ build: "strict", threads: 1 });

function tinyProbe() {
  const network = engine.compile(buildSupernet(TINY_SPACE), { batch: 16 });
  network.initialise(5);
  network.setMixing(new Float32Array(network.mixingCount).fill(0.125));
  const data = tinyTask(engine, { count: 160 });
  const [indices, heldOut] = [data.indices.slice(0, 96), data.indices.slice(96)];
  const probe = new HeadProbe(engine, network, { data, indices, batch: 16, leastBatches: 40 });
  return { network, probe, evaluate: () => evaluateNetwork(network, data, { indices: heldOut, batch: 16 }) };
}

Deno.test("HeadProbe keeps the fitted head where it does better, and the network's own in the network until then", () => {
  const { network, probe, evaluate } = tinyProbe();
  const own = network.read("classifier.weight");
  const { validation, batches } = probe.finishEpoch(1, evaluate);
  assertEquals(batches, 42);
  assertEquals(network.read("classifier.weight"), own);
  assert(validation.accuracy > evaluate().accuracy);
  probe.adopt();
  assertEquals(evaluate(), validation);
  assertEquals(network.read("classifier.weight"), probe.kept!.weights);
});

Deno.test("HeadProbe leaves everything to SGD's head where that does better, or the same at lower loss", () => {
  const { network, probe } = tinyProbe();
  const own = network.read("classifier.weight");
  for (const second of [{ accuracy: 0.8, loss: 9 }, { accuracy: 0.7, loss: 0.1 }]) {
    const answers: Evaluation[] = [{ accuracy: 0.7, loss: 0.2, count: 1 }, { ...second, count: 1 }];
    const { validation } = probe.finishEpoch(1, () => answers.shift()!);
    assertEquals(validation.accuracy, second.accuracy);
    assertEquals(probe.kept, undefined);
  }
  probe.adopt();
  assertEquals(network.read("classifier.weight"), own);
});

Deno.test("encodeHead() and decodeHead() keep a head among other tensors", () => {
  const head = { weights: Float32Array.of(1, 2, 3, 4, 5, 6), biases: Float32Array.of(7, 8) };
  const tensors = encodeHead(head);
  assertEquals(tensors.map(([name, { shape }]) => [name, shape]), [
    ["fitted_head.weight", [2, 3]],
    ["fitted_head.bias", [2]],
  ]);
  assert(tensors.every(([name]) => isOfFittedHead(name)) && !isOfFittedHead("classifier.weight"));
  const other = { shape: [1], data: Float32Array.of(1) };
  assertEquals(decodeHead(new Map([["classifier.bias", other], ...tensors])), head);
  assertEquals([encodeHead(undefined), decodeHead(new Map([["classifier.bias", other]]))], [[], undefined]);
});
