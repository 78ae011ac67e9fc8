import { assert, assertAlmostEquals, assertEquals, assertThrows } from "@std/assert";
import { Engine } from "../../src/engine/mod.ts";
import {
  buildSupernet,
  collectState,
  initialAlpha,
  initialiseNetwork,
  makeSpace,
  type Space,
} from "../../src/network/mod.ts";
import { graft, graftedSpace, type Prior, PRIORS, type Source } from "../../src/transfer/mod.ts";
import { TINY_SPACE, tinyBatch, tinyTask } from "../network/_tiny_task.ts";

const engine = await Engine.start({ build: "strict", threads: 1 });
const TARGET = { classes: 5, height: 14, width: 11, channels: 3 } as const;

/** A supernet that has seen a batch, so that its statistics and weights are its own. */
function source(): Source {
  const network = engine.compile(buildSupernet(TINY_SPACE), { batch: 16 });
  initialiseNetwork(network, 77);
  network.setMixing(new Float32Array(network.mixingCount).fill(0.125));
  network.backward(tinyBatch(tinyTask(engine), 0, 16), { weightGradients: true });
  network.sgdStep({ learningRate: 0.1, momentum: 0.9, weightDecay: 3e-4, clip: 5 });
  const alpha = Float32Array.from({ length: 80 }, (_, i) => Math.sin(i));
  const state = collectState(network, { batchesTracked: 1 });
  network.free();
  return { space: TINY_SPACE, state, alpha };
}

const SOURCE = source();

function grafted(prior: Prior, strength?: number) {
  const space = graftedSpace(TINY_SPACE, TARGET, prior);
  const network = engine.compile(buildSupernet(space), { batch: 4 });
  const start = initialAlpha(engine, space, 3);
  const options = { space, prior, initialAlpha: start, seed: 3, ...(strength !== undefined && { strength }) };
  return { space, network, start, result: graft(network, SOURCE, options) };
}

function scratch(space: Space) {
  const network = engine.compile(buildSupernet(space), { batch: 4 });
  initialiseNetwork(network, 3);
  return { state: collectState(network), alpha: initialAlpha(engine, space, 3) };
}

Deno.test("graftedSpace() keeps the source's input channels with its weights, and takes the target's without", () => {
  const channels = PRIORS.map((prior) => graftedSpace(TINY_SPACE, TARGET, prior).inputChannels);
  assertEquals(channels, [1, 1, 3, 3]);
  assertEquals(graftedSpace(TINY_SPACE, TARGET, "both"), { ...TINY_SPACE, classes: 5, height: 14, width: 11 });
});

Deno.test("graft() with the prior none is a search from scratch, bit for bit", () => {
  const { space, network, result } = grafted("none");
  const wanted = scratch(space);
  assertEquals(collectState(network), wanted.state);
  assertEquals(result, { alpha: wanted.alpha, inherited: [], batchesTracked: 0 });
});

Deno.test("graft() takes the body over and leaves the new head as from scratch", () => {
  for (const prior of ["both", "weights"] as const) {
    const { space, network, result } = grafted(prior);
    const { state } = scratch(space);
    let inherited = 0;
    for (const { name } of [...network.parameters, ...network.buffers]) {
      const isHead = name.startsWith("classifier.");
      assertEquals(network.read(name), (isHead ? state : SOURCE.state).get(name)!.data, name);
      if (!isHead) inherited++;
    }
    assertEquals(result.inherited.length, inherited);
    assertEquals(result.batchesTracked, 1);
    assertEquals(network.parameters.find(({ name }) => name === "classifier.weight")!.shape, [5, 32]);
  }
});

Deno.test("graft() takes alpha over for both and alpha only", () => {
  for (const prior of PRIORS) {
    const { start, result } = grafted(prior);
    assertEquals(result.alpha, prior === "both" || prior === "alpha" ? SOURCE.alpha : start, prior);
  }
});

Deno.test("graft() with the prior alpha has the weights of a search from scratch", () => {
  const { space, network } = grafted("alpha");
  assertEquals(collectState(network), scratch(space).state);
});

Deno.test("graft() shrinks alpha towards the start of a search", () => {
  const { start, result } = grafted("both", 0.25);
  result.alpha.forEach((value, i) => assertAlmostEquals(value, 0.25 * SOURCE.alpha[i]! + 0.75 * start[i]!, 1e-7));
  assertEquals(grafted("both", 0).result.alpha, start);
});

Deno.test("graft() runs on images of another size and number of channels", () => {
  const { network } = grafted("both");
  const task = tinyTask(engine, { count: 4, height: 14, width: 11, channels: 3 });
  network.setMixing(new Float32Array(network.mixingCount).fill(0.125));
  assert(Number.isFinite(network.forward(tinyBatch(task, 0, 4), { training: false }).loss));
  assertEquals(network.logits().length, 20);
});

Deno.test("graft() refuses another body, a strength out of range, and a source that lacks a tensor", () => {
  const space = makeSpace({ ...TINY_SPACE, cells: 4 });
  const network = engine.compile(buildSupernet(space), { batch: 4 });
  const options = { space, prior: "both", initialAlpha: initialAlpha(engine, space, 1), seed: 1 } as const;
  assertThrows(
    () => graft(network, SOURCE, options),
    RangeError,
    "Cannot graft supernet: the source has 4 channels, 3 cells, 2 nodes, expected 4 channels, 4 cells, 2 nodes",
  );
  assertThrows(() => graft(network, SOURCE, { ...options, strength: 1.5 }), RangeError, "strength is 1.5");
  const same = engine.compile(buildSupernet(TINY_SPACE), { batch: 4 });
  const state = new Map(SOURCE.state);
  state.delete("stem.1.running_var");
  assertThrows(
    () => graft(same, { ...SOURCE, state }, { ...options, space: TINY_SPACE }),
    RangeError,
    "the source has no stem.1.running_var, expected one",
  );
  const short = { ...SOURCE, alpha: new Float32Array(3) };
  assertThrows(() => graft(same, short, { ...options, space: TINY_SPACE }), RangeError, "alpha holds 3 numbers");
});
