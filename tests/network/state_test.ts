import { assert, assertEquals, assertThrows } from "@std/assert";
import { Engine } from "../../src/engine/mod.ts";
import {
  collectMomentum,
  collectState,
  compareState,
  initialiseNetwork,
  isBatchCounter,
  listBatchCounters,
  loadMomentum,
  loadState,
} from "../../src/network/mod.ts";
import { buildSupernet } from "../../src/spaces/mod.ts";
import { TINY_SPACE, tinyBatch, tinyTask } from "./_tiny_task.ts";

const engine = await Engine.start({ build: "strict", threads: 1 });
const task = tinyTask(engine);

function trained(seed: number) {
  const network = engine.compile(buildSupernet(TINY_SPACE), { batch: 16 });
  initialiseNetwork(network, seed);
  network.setMixing(new Float32Array(network.mixingCount).fill(0.125));
  network.backward(tinyBatch(task, 0, 16), { weightGradients: true });
  network.sgdStep({ learningRate: 0.05, momentum: 0.9, weightDecay: 3e-4, clip: 5 });
  return network;
}

Deno.test("loadState() gives another network the same logits, bit for bit", () => {
  const [first, second] = [trained(1), trained(2)];
  const predict = (network: typeof first) => {
    network.forward(tinyBatch(task, 16, 32), { training: false });
    return network.logits();
  };
  const wanted = predict(first);
  const state = collectState(first, { batchesTracked: 5 });
  const report = loadState(second, state);
  assertEquals(report.batchesTracked, 5);
  assertEquals([report.missing, report.unexpected, report.mismatched], [[], [], []]);
  assertEquals(predict(second), wanted);
  assertEquals(collectState(second, { batchesTracked: 5 }), state);
});

Deno.test("collectState() adds PyTorch's counters as scalars", () => {
  const network = trained(1);
  const state = collectState(network, { batchesTracked: 7 });
  assertEquals(state.get("stem.1.num_batches_tracked"), { shape: [], data: BigInt64Array.of(7n) });
  assertEquals([...state.keys()].filter(isBatchCounter), listBatchCounters(network));
  assert(state.has("cells.0._ops.4._ops.2.1.num_batches_tracked"));
});

Deno.test("loadState() refuses what does not fit, and writes nothing then", () => {
  const network = trained(1);
  const before = collectState(network);
  const refused = (change: (state: typeof before) => void, message: string, isPartial = false) => {
    const state = new Map([...before].map(([name, tensor]) => [
      name,
      tensor.data instanceof Float32Array ? { ...tensor, data: tensor.data.map(() => 0) } : tensor,
    ]));
    change(state);
    assertThrows(() => loadState(network, state, { isPartial }), RangeError, message);
    assertEquals(collectState(network), before);
  };
  refused((state) => state.delete("classifier.bias"), "Cannot load weights: classifier.bias is missing");
  refused((state) => state.set("x", state.get("stem.1.bias")!), "x is unknown to the network", true);
  refused(
    (state) => state.set("classifier.weight", { shape: [4, 32], data: new Float32Array(128) }),
    "classifier.weight has shape [4, 32], expected [3, 32]",
    true,
  );
  refused(
    (state) => state.set("classifier.bias", { shape: [3], data: new Float32Array(2) }),
    "classifier.bias holds 2 numbers, expected those of shape [3]",
  );
  refused(
    (state) => state.set("classifier.bias", { shape: [3], data: new BigInt64Array(3) }),
    "classifier.bias holds integers, expected floats",
  );
  refused((state) => state.clear(), "further differences)");
});

Deno.test("loadState() keeps what a partial state lacks", () => {
  const network = trained(1);
  const state = collectState(trained(2));
  const before = network.read("classifier.weight");
  for (const name of ["classifier.weight", "classifier.bias"]) state.delete(name);
  const report = loadState(network, state, { isPartial: true });
  assertEquals(report.missing, ["classifier.weight", "classifier.bias"]);
  assertEquals(network.read("classifier.weight"), before);
  assertEquals(network.read("stem.0.weight"), state.get("stem.0.weight")!.data);
});

Deno.test("compareState() needs no counters, but knows them", () => {
  const network = trained(1);
  const state = collectState(network, { batchesTracked: 2 });
  assertEquals(compareState(network, state).unexpected, []);
  const bare = new Map([...state].filter(([name]) => !isBatchCounter(name)));
  assertEquals(compareState(network, bare).missing, []);
  assertEquals(compareState(network, bare).batchesTracked, 0);
});

Deno.test("loadMomentum() gives back what collectMomentum() took", () => {
  const [first, second] = [trained(1), trained(2)];
  const momentum = collectMomentum(first);
  assert((momentum.get("stem.0.weight")!.data as Float32Array).some((value) => value !== 0));
  loadMomentum(second, momentum);
  assertEquals(collectMomentum(second), momentum);
  momentum.delete("stem.1.bias");
  assertThrows(() => loadMomentum(second, momentum), RangeError, "Cannot load momentum: stem.1.bias is missing");
});
