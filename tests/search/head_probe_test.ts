import { assert, assertEquals, assertLess } from "@std/assert";
import { Engine } from "../../src/engine/mod.ts";
import { buildSupernet } from "../../src/spaces/mod.ts";
import { decodeHead, encodeHead, evaluateNetwork, fitHead, HeadProbe, isOfFittedHead } from "../../src/search/mod.ts";
import { TINY_SPACE, tinyTask } from "../network/_tiny_task.ts";

const engine = await Engine.start({ build: "strict", threads: 1 });

/** A probe that fits to some of 160 images and tries heads on 64 others. */
function tinyProbe({ fitted = 96 } = {}) {
  const network = engine.compile(buildSupernet(TINY_SPACE), { batch: 16 });
  network.initialise(5);
  network.setMixing(new Float32Array(network.mixingCount).fill(0.125));
  const data = tinyTask(engine, { count: 160 });
  const [indices, heldOut] = [data.indices.slice(0, fitted), data.indices.slice(96)];
  const probe = new HeadProbe(engine, network, { data, indices, heldOut, batch: 16 });
  const fit = (indices: Uint32Array, seed: number) => fitHead(engine, network, { data, indices, batch: 16, seed });
  return { network, probe, data, fit, evaluate: () => evaluateNetwork(network, data, { indices: heldOut, batch: 16 }) };
}

Deno.test("HeadProbe keeps the fitted head where it does better, and the network's own in the network until then", () => {
  const { network, probe, evaluate } = tinyProbe();
  const own = network.read("classifier.weight");
  const { validation, batches } = probe.tryHeads(1);
  assertEquals(batches, 6);
  assertEquals(network.read("classifier.weight"), own);
  assertLess(evaluate().accuracy, validation.accuracy);
  probe.adopt();
  assertEquals(evaluate(), validation);
  assertEquals(network.read("classifier.weight"), probe.kept!.weights);
});

Deno.test("HeadProbe leaves everything to SGD's head where that does better", () => {
  // Its own head knows all images, the fitted one few of them.
  const { network, probe, data, fit, evaluate } = tinyProbe({ fitted: 12 });
  fit(data.indices, 2);
  const own = network.read("classifier.weight");
  const { validation } = probe.tryHeads(1);
  assertEquals(validation, evaluate());
  assertEquals(probe.kept, undefined);
  probe.adopt();
  assertEquals(network.read("classifier.weight"), own);
});

Deno.test("HeadProbe keeps SGD's head where both do the same", () => {
  const { network, probe, data, fit } = tinyProbe();
  fit(data.indices.slice(0, 96), 1);
  const own = network.read("classifier.weight");
  probe.tryHeads(1);
  assertEquals(network.read("classifier.weight"), own);
  assertEquals(probe.kept, undefined);
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
