import { assert, assertAlmostEquals, assertEquals, assertThrows } from "@std/assert";
import { Engine, type Network } from "../../src/engine/mod.ts";
import { collectState, initialiseNetwork, isOfHead } from "../../src/network/mod.ts";
import { buildSupernet, choicesOf, type Space } from "../../src/spaces/mod.ts";
import { createDarts } from "../../src/search/mod.ts";
import { makeDartsSpace, type Stem, STEMS } from "../../src/spaces/darts/space.ts";
import {
  describeAnew,
  graft,
  graftedSpace,
  listAnew,
  type Prior,
  PRIORS,
  type Source,
} from "../../src/transfer/mod.ts";
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
  const start = createDarts(space).initialAlpha(engine, 3);
  const options = { space, prior, initialAlpha: start, seed: 3, ...(strength !== undefined && { strength }) };
  return { space, network, start, result: graft(network, SOURCE, options) };
}

function scratch(space: Space) {
  const network = engine.compile(buildSupernet(space), { batch: 4 });
  initialiseNetwork(network, 3);
  return { state: collectState(network), alpha: createDarts(space).initialAlpha(engine, 3) };
}

Deno.test("graftedSpace() takes the target's shape, but the weights of a colour source keep reading colour", () => {
  const colour = makeDartsSpace({ ...TINY_SPACE, inputChannels: 3 });
  const channels = (source: Space, channels: 1 | 3) =>
    PRIORS.map((prior) => graftedSpace(source, { ...TARGET, channels }, prior).inputChannels);
  assertEquals(channels(TINY_SPACE, 3), [3, 3, 3, 3]);
  assertEquals(channels(TINY_SPACE, 1), [1, 1, 1, 1]);
  assertEquals(channels(colour, 3), [3, 3, 3, 3]);
  assertEquals(channels(colour, 1), [3, 3, 1, 1]);
  const shape = { classes: 5, height: 14, width: 11, inputChannels: 3 } as const;
  assertEquals(graftedSpace(TINY_SPACE, TARGET, "both"), { ...TINY_SPACE, ...shape });
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
      if (!isHead) inherited++;
      if (name === "stem.0.weight") continue;
      assertEquals(network.read(name), (isHead ? state : SOURCE.state).get(name)!.data, name);
    }
    assertEquals(result.inherited.length, inherited);
    assertEquals(result.batchesTracked, 1);
    assertEquals(network.parameters.find(({ name }) => name === "classifier.weight")!.shape, [5, 32]);
  }
});

Deno.test("graft() lets a grey source see the mean of three channels", () => {
  const { network } = grafted("both");
  const grey = SOURCE.state.get("stem.0.weight")!.data as Float32Array;
  const colour = network.read("stem.0.weight");
  assertEquals(colour.length, 3 * grey.length);
  for (let output = 0; output < grey.length / 9; output++) {
    for (let channel = 0; channel < 3; channel++) {
      const window = colour.subarray((3 * output + channel) * 9).subarray(0, 9);
      assertEquals(window, grey.slice(output * 9, output * 9 + 9).map((weight) => weight / 3));
    }
  }
  // The features of a grey picture do not change when it comes in colour.
  const space = graftedSpace(TINY_SPACE, { ...TARGET, channels: 1 }, "both");
  const same = engine.compile(buildSupernet(space), { batch: 4 });
  graft(same, SOURCE, { space, prior: "both", initialAlpha: createDarts(space).initialAlpha(engine, 3), seed: 3 });
  const batch = tinyBatch(tinyTask(engine, { count: 4, height: 14, width: 11, channels: 1 }), 0, 4);
  const features = [network, same].map((supernet) => {
    supernet.setMixing(new Float32Array(supernet.mixingCount).fill(0.125));
    supernet.forward({ ...batch, mean: [0.5], std: [0.25] }, { training: false });
    return supernet.features();
  });
  features[0]!.forEach((value, i) => assertAlmostEquals(value, features[1]![i]!, 1e-5));
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

/** The source's body with another stem, and what a graft of the source onto it takes over. */
function graftedOnto(stem: Stem, from: Source = SOURCE) {
  const shape = { ...TARGET, height: 40, width: 44 };
  const space = graftedSpace(from.space, shape, "both", { stem });
  const network = engine.compile(buildSupernet(space), { batch: 4 });
  const initialAlpha = createDarts(space).initialAlpha(engine, 3);
  const { inherited } = graft(network, from, { space, prior: "both", initialAlpha, seed: 3 });
  return { space, network, inherited };
}

Deno.test("graft() takes over what fits of a source with another stem, and starts the rest anew", () => {
  const bodyOf = (network: Network) =>
    [...network.parameters, ...network.buffers].map(({ name }) => name).filter((name) => !isOfHead(name));
  for (const stem of STEMS) {
    const { space, network, inherited } = graftedOnto(stem);
    const anew = bodyOf(network).filter((name) => !inherited.includes(name));
    const weights = network.parameters.map(({ name }) => name);
    assertEquals(listAnew(TINY_SPACE, space) ?? [], anew.filter((name) => weights.includes(name)), stem);
    for (const name of anew) assertEquals(network.read(name), scratch(space).state.get(name)!.data, name);
    for (const name of inherited) {
      if (name !== "stem.0.weight") assertEquals(network.read(name), SOURCE.state.get(name)!.data, name);
    }
    // Cells in which nothing but the preprocessing of what the stem hands on can change.
    assert(anew.every((name) => /^(stem|cells\.0\.preprocess|cells\.1\.preprocess0)/.test(name)), String(anew));
    if (stem === "cifar" || stem === "stride2") {
      assertEquals(anew, []);
      // A grey stem of the same shape reads the mean of three channels under another stride, too.
      const grey = SOURCE.state.get("stem.0.weight")!.data as Float32Array;
      assertAlmostEquals(network.read("stem.0.weight")[9]!, grey[0]! / 3, 1e-7);
    }
    network.free();
  }
});

Deno.test("graft() goes from a stem of many names to one of few", () => {
  const space = makeDartsSpace({ ...TINY_SPACE, stem: "imagenet", height: 40, width: 40 });
  const network = engine.compile(buildSupernet(space), { batch: 4 });
  initialiseNetwork(network, 5);
  const from = { space, state: collectState(network, { batchesTracked: 7 }), alpha: SOURCE.alpha };
  const { space: target, inherited } = graftedOnto("cifar", from);
  assert(inherited.length > 50);
  const anew = listAnew(space, target)!;
  assertEquals(anew.filter((name) => name.startsWith("stem")), ["stem.0.weight", "stem.1.weight", "stem.1.bias"]);
  assertEquals(describeAnew(space, target), `, stem cifar (${anew.length} tensors start anew)`);
  assertEquals(describeAnew(space, graftedSpace(space, { ...TARGET, height: 40, width: 40 }, "both")), "");
  const half = graftedOnto("stride2").space;
  assertEquals(describeAnew(TINY_SPACE, half), ", stem stride2 (no tensor starts anew)");
});

Deno.test("graftedSpace() keeps the source's stem where the target's images ask for the same as its own", () => {
  const source = makeDartsSpace({ height: 96, width: 96, stem: "imagenet" });
  const stem = (side: number) => choicesOf(graftedSpace(source, { ...TARGET, height: side, width: side }, "both")).stem;
  assertEquals([stem(100), stem(32), stem(64)], ["imagenet", "cifar", "stride2"]);
  assertThrows(
    () => graftedSpace(source, TARGET, "both", { stem: "none" }),
    RangeError,
    'stem is "none", expected one of cifar',
  );
});

Deno.test("graft() refuses another body, a strength out of range, and a source that lacks a tensor", () => {
  const space = makeDartsSpace({ ...TINY_SPACE, cells: 4 });
  const network = engine.compile(buildSupernet(space), { batch: 4 });
  const options = { space, prior: "both", initialAlpha: createDarts(space).initialAlpha(engine, 1), seed: 1 } as const;
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
