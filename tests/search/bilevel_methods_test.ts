import { assert, assertAlmostEquals, assertEquals, assertNotEquals, assertThrows } from "@std/assert";
import { Engine, type Network } from "../../src/engine/mod.ts";
import {
  collectMomentum,
  collectState,
  cosinePlan,
  initialiseNetwork,
  loadMomentum,
  loadState,
} from "../../src/network/mod.ts";
import { buildSupernet, type Space } from "../../src/spaces/mod.ts";
import type { DartsSpace } from "../../src/spaces/darts/space.ts";
import {
  type BilevelOptions,
  BilevelSearch,
  type BilevelSettings,
  createDarts,
  DARTS_SETTINGS,
  decodeSearchState,
  encodeSearchState,
  isOfSearch,
} from "../../src/search/mod.ts";
import { TINY_SPACE } from "../network/_tiny_task.ts";
import { BETAS, PRUNING, SINGLE_LEVEL } from "./methods/_toys.ts";
import { tinySearch } from "./_tiny_search.ts";

const engine = await Engine.start({ build: "strict", threads: 1 });
const SETTINGS = { ...DARTS_SETTINGS, batch: 8 };

function finish(search: BilevelSearch, log: unknown[] = []): unknown[] {
  while (!search.clock.isDone) {
    while (!search.clock.isEpochOver) log.push(search.takeStep());
    log.push(search.finishEpoch());
  }
  return log;
}

for (const order of [1, 2] as const) {
  Deno.test(`a method's own loss takes part in alpha's steps of order ${order}`, () => {
    const decay = 0.3;
    const run = (changes: Partial<BilevelOptions>, alphaWeightDecay: number) => {
      const settings = { ...SETTINGS, order, alphaWeightDecay };
      const options = tinySearch(engine, { alpha: new Float32Array(80).fill(0.2), ...changes, settings });
      const search = new BilevelSearch(options);
      const { alphaLoss } = search.takeStep();
      options.network.free();
      return { alpha: search.alpha, alphaLoss: alphaLoss! };
    };
    // Adam's weight decay adds decay · alpha to the gradient: the gradient of decay / 2 · Σ alpha².
    const darts = createDarts(TINY_SPACE);
    const contexts: unknown[] = [];
    const method = {
      ...darts,
      regularise: (alpha: Float32Array, context: unknown) => {
        contexts.push(context);
        const loss = decay / 2 * alpha.reduce((sum, value) => sum + value * value, 0);
        return { loss, gradient: alpha.map((value) => decay * value) };
      },
    };
    const [plain, decayed, own] = [run({}, 0), run({}, decay), run({ method }, 0)];
    assertNotEquals(own.alpha, plain.alpha);
    own.alpha.forEach((value, i) => assertAlmostEquals(value, decayed.alpha[i]!, 1e-7));
    assertAlmostEquals(own.alphaLoss - plain.alphaLoss, decay / 2 * 80 * 0.2 ** 2, 1e-6);
    assertEquals(contexts.length, 1);
  });
}

/** A search of three epochs by a method that prunes after the first. */
function pruningSearch(space: Space = TINY_SPACE, changes: Partial<BilevelSettings> = {}) {
  const method = PRUNING.create(space);
  const settings = { ...SETTINGS, recalibrationBatches: 2, ...changes };
  const options = tinySearch(engine, { method, settings, plan: cosinePlan({ epochs: 3, first: 0.025, last: 0.001 }) });
  const compile = (space: Space) => engine.compile(buildSupernet(space), { batch: 8 });
  let network: Network = options.network;
  if (space !== TINY_SPACE) {
    network.free();
    network = compile(space);
    initialiseNetwork(network, 99);
  }
  const rebuild = (space: Space) => {
    network.free();
    network = compile(space);
    initialiseNetwork(network, 98);
    return { network, method: PRUNING.create(space) };
  };
  return { search: new BilevelSearch({ ...options, space, network, rebuild }), network: () => network };
}

const everything = ({ search, network }: ReturnType<typeof pruningSearch>) => [
  collectState(network(), search.clock),
  collectMomentum(network()),
  search.state(),
];

Deno.test("a search goes on in a smaller space with the weights, momentum, statistics and alpha of what stays", () => {
  const { search, network } = pruningSearch(TINY_SPACE, { recalibrationBatches: 0 });
  while (!search.clock.isEpochOver) search.takeStep();
  const [state, momentum, alpha] = [collectState(network()), collectMomentum(network()), search.alpha];
  const { validation } = search.finishEpoch();
  assertEquals([search.clock.epoch, search.clock.step, search.space === TINY_SPACE], [1, 0, false]);
  const { candidates } = search.space as DartsSpace;
  assertEquals([...candidates!.normal, ...candidates!.reduce].every(({ length }) => length === 2), true);
  assertEquals([search.alpha, search.state().method], [alpha, { begun: 1 }]);
  const parameters = network().parameters.map(({ name }) => name);
  assert(parameters.length < momentum.size / 2);
  for (const [name, { data }] of collectMomentum(network())) assertEquals(data, momentum.get(name)!.data, name);
  for (const [name, { data }] of collectState(network())) {
    if (!name.endsWith("num_batches_tracked")) assertEquals(data, state.get(name)!.data, name);
  }
  assertNotEquals(search.evaluate(), validation);
  const log = finish(search) as { epochs?: number }[];
  assertEquals(log.filter(({ epochs }) => epochs !== undefined).map(({ epochs }) => epochs), [2, 3]);
  network().free();
});

const VARIANTS: [string, Partial<BilevelSettings>][] = [
  ["", {}],
  [", with fitted heads", { refitsHead: true }],
  [", with a mean of weights", { weightsMean: 0.9 }],
  [", with operations that stop", { operationStopping: { steps: 2, threshold: 0.1 } }],
];

for (const [how, changes] of VARIANTS) {
  Deno.test(`a search that shrinks ends in the same bits however often it is resumed${how}`, () => {
    const whole = pruningSearch(TINY_SPACE, changes);
    const log = finish(whole.search);
    const wanted = everything(whole);
    whole.network().free();
    let count = 0;
    for (const stop of [2, 4, 5, 9]) {
      const first = pruningSearch(TINY_SPACE, changes);
      const resumedLog: unknown[] = [];
      for (let step = 0; step < stop; step++) {
        if (first.search.clock.isEpochOver) resumedLog.push(first.search.finishEpoch());
        resumedLog.push(first.search.takeStep());
      }
      // The moment after an epoch's end is one as well: there the space has just become smaller.
      if (stop === 4) resumedLog.push(first.search.finishEpoch());
      const { tensors, progress } = encodeSearchState(first.search.state(), first.search.method);
      const [state, momentum] = [collectState(first.network()), collectMomentum(first.network())];
      const space = first.search.space === TINY_SPACE ? TINY_SPACE : structuredClone(first.search.space);
      first.network().free();

      const later = pruningSearch(space, changes);
      loadState(later.network(), state);
      loadMomentum(later.network(), momentum);
      later.search.restore(decodeSearchState(tensors, JSON.parse(JSON.stringify(progress)), later.search.method));
      assertEquals(finish(later.search, resumedLog), log);
      assertEquals(everything(later), wanted);
      later.network().free();
      count++;
    }
    assertEquals(count, 4);
  });
}

Deno.test("a search that cannot rebuild its network says so when its method shrinks the space", () => {
  const search = new BilevelSearch(tinySearch(engine, { method: PRUNING.create(TINY_SPACE) }));
  while (!search.clock.isEpochOver) search.takeStep();
  assertThrows(
    () => search.finishEpoch(),
    RangeError,
    "Cannot shrink the space: the search cannot rebuild its network",
  );
});

Deno.test("all that a method learns is kept in a checkpoint under its own names, whatever they are", () => {
  const method = BETAS.create(TINY_SPACE);
  const search = new BilevelSearch(tinySearch(engine, { method }));
  const start = search.alpha;
  finish(search);
  assert(search.alpha.subarray(80).every((beta, i) => beta !== start[80 + i]));
  const state = search.state();
  const { tensors, progress } = encodeSearchState(state, method);
  assertEquals([...tensors.keys()].slice(0, 3), ["alphas_normal", "alphas_reduce", "edge_betas"]);
  assertEquals(tensors.get("alpha_moments.second.edge_betas")!.shape, [10]);
  assertEquals(decodeSearchState(tensors, progress, method), state);
  const isOwn = (name: string) => isOfSearch(name, method);
  assert([...tensors.keys()].every(isOwn));
  assertEquals(["alphas_other", "alpha_moments.first.other", "stem.0.weight", "momentum.edge_betas"].map(isOwn), [
    false,
    false,
    false,
    false,
  ]);
});

Deno.test("a method without alpha trains weights alone", () => {
  const method = SINGLE_LEVEL.create(TINY_SPACE);
  const search = new BilevelSearch(tinySearch(engine, { method, alpha: new Float32Array() }));
  const log = finish(search) as { alphaLoss?: number }[];
  assert(log.every(({ alphaLoss }) => alphaLoss === undefined));
  const { tensors, progress } = encodeSearchState(search.state(), method);
  assertEquals([tensors.size, progress.alphaSteps, search.alpha.length], [0, 0, 0]);
});
