import { assert, assertEquals, assertNotEquals, assertThrows } from "@std/assert";
import { Engine } from "../../src/engine/mod.ts";
import {
  collectMomentum,
  collectState,
  cosinePlan,
  initialiseNetwork,
  loadMomentum,
  loadState,
} from "../../src/network/mod.ts";
import { type BilevelOptions, BilevelSearch, DARTS_SETTINGS } from "../../src/search/mod.ts";
import { everyImage, type Objective } from "../../src/batches/mod.ts";
import { TINY_SPACE } from "../network/_tiny_task.ts";
import { tinySearch } from "./_tiny_search.ts";

const engine = await Engine.start({ build: "strict", threads: 1 });

function finish(search: BilevelSearch, log: unknown[] = []): unknown[] {
  while (!search.clock.isDone) {
    while (!search.clock.isEpochOver) log.push(search.takeStep());
    log.push(search.finishEpoch());
  }
  return log;
}

/** All that a search has become: weights, statistics, momentum, alpha and its moments. */
function outcome(options: BilevelOptions, search: BilevelSearch) {
  return [collectState(options.network, search.clock), collectMomentum(options.network), search.state()];
}

Deno.test("BilevelSearch.finishEpoch() recalibrates running statistics and nothing else", () => {
  const after = (recalibrationBatches: number) => {
    const options = tinySearch(engine, { settings: { ...DARTS_SETTINGS, batch: 8, recalibrationBatches } });
    const search = new BilevelSearch(options);
    while (!search.clock.isEpochOver) search.takeStep();
    const { validation } = search.finishEpoch();
    const read = (list: Iterable<{ name: string }>) => [...list].map(({ name }) => options.network.read(name));
    const { parameters, buffers } = options.network;
    return { validation, search, parameters: read(parameters), buffers: read(buffers) };
  };
  const [without, with3] = [after(0), after(3)];
  assertEquals(with3.parameters, without.parameters);
  assertEquals(with3.search.alpha, without.search.alpha);
  assertEquals(with3.search.clock.batchesTracked, without.search.clock.batchesTracked + 3);
  assertNotEquals(with3.buffers, without.buffers);
  assertNotEquals(with3.validation.loss, without.validation.loss);
});

Deno.test("BilevelSearch.finishEpoch() fits a head beside SGD's, validates the better one and hands it over at the end only", () => {
  const after = (refitsHead: boolean) => {
    const settings = { ...DARTS_SETTINGS, batch: 8, recalibrationBatches: 4, refitsHead };
    const options = tinySearch(engine, { settings });
    const search = new BilevelSearch(options);
    while (!search.clock.isEpochOver) search.takeStep();
    const { validation } = search.finishEpoch();
    const { network } = options;
    const read = () => network.parameters.map(({ name }) => [name, network.read(name), network.read(name, "momentum")]);
    return { validation, search, read };
  };
  const [without, fitted] = [after(false), after(true)];
  assertEquals(fitted.read(), without.read());
  assertEquals(fitted.search.alpha, without.search.alpha);
  // A whole pass over four batches.
  assertEquals(fitted.search.clock.batchesTracked, without.search.clock.batchesTracked);
  // After four steps SGD's head is still near its random start.
  assert(fitted.validation.accuracy > without.validation.accuracy);

  fitted.search.adopt();
  without.search.adopt();
  const [kept, own] = [fitted.read(), without.read()];
  kept.forEach(([name, values, momentum], i) => {
    const isHead = String(name).startsWith("classifier.");
    (isHead ? assertNotEquals : assertEquals)(values, own[i]![1], String(name));
    assertEquals(momentum, own[i]![2], String(name));
  });
  assertEquals(fitted.search.evaluate(), fitted.validation);
});

Deno.test("BilevelSearch weighs classes in the steps of weights and alpha, and not when it validates", () => {
  const after = (order: 1 | 2, weights?: number[]) => {
    const classWeights = weights && Float32Array.from(weights);
    const options = {
      ...tinySearch(engine, { settings: { ...DARTS_SETTINGS, batch: 8, order } }),
      objective: { classWeights },
    };
    const search = new BilevelSearch(options);
    const before = search.evaluate();
    const { loss, alphaLoss } = search.takeStep();
    return { before, loss, alphaLoss, alpha: search.alpha };
  };
  const classes = TINY_SPACE.classes;
  for (const order of [1, 2] as const) {
    const plain = after(order);
    assertEquals(after(order, Array(classes).fill(1)), plain);
    const weighted = after(order, Array.from({ length: classes }, (_, k) => 4 ** k));
    assertEquals(weighted.before, plain.before);
    assertNotEquals(weighted.loss, plain.loss);
    assertNotEquals(weighted.alphaLoss, plain.alphaLoss);
    assertNotEquals(weighted.alpha, plain.alpha);
  }
});

Deno.test("BilevelSearch smooths labels for weights and alpha, and mixes the weights' images only", () => {
  const step = (objective: Objective) => {
    const { loss, alphaLoss } = new BilevelSearch({ ...tinySearch(engine), objective }).takeStep();
    return [loss, alphaLoss];
  };
  const [plain, smooth, mixed] = [{}, { labelSmoothing: 0.2 }, { mixing: { mixup: 1, cutmix: 1 } }].map(step);
  assert(smooth![0] !== plain![0] && smooth![1] !== plain![1]);
  assertNotEquals(mixed![0], plain![0]);
  assertEquals(mixed![1], plain![1]);
});

Deno.test("BilevelSearch validates the mean of the weights, leaves the weights alone, and ends with it", () => {
  for (const refitsHead of [false, true]) {
    const run = (weightsMean: number) => {
      const settings = { ...DARTS_SETTINGS, batch: 8, recalibrationBatches: 2, refitsHead, weightsMean };
      const options = tinySearch(engine, { settings });
      const search = new BilevelSearch(options);
      assertEquals(search.evaluate(), new BilevelSearch(tinySearch(engine)).evaluate(), "it begins with the weights");
      const log = finish(search) as { validation?: unknown }[];
      const weights = () => options.network.parameters.map(({ name }) => options.network.read(name));
      return { search, log, weights, learnt: weights() };
    };
    const [plain, mean] = [run(0), run(0.9)];
    assertEquals(mean.learnt, plain.learnt);
    const { validation } = mean.log.at(-1)!;
    // A fitted head does too well on so few images for the bodies to show.
    if (!refitsHead) assertNotEquals(validation, plain.log.at(-1)!.validation);
    mean.search.adopt();
    assertNotEquals(mean.weights(), mean.learnt);
    assertEquals(mean.search.evaluate(), validation, "what was validated is what is left");
  }
});

Deno.test("BilevelSearch.validate() tells of a part of an epoch and changes nothing that learns", () => {
  for (const refitsHead of [false, true]) {
    const settings = { ...DARTS_SETTINGS, batch: 8, recalibrationBatches: 4, refitsHead };
    const after = (validates: boolean) => {
      const options = tinySearch(engine, { settings });
      const search = new BilevelSearch(options);
      const reports = [];
      while (!search.clock.isEpochOver) {
        search.takeStep();
        if (validates && search.clock.step < 4) reports.push(search.validate());
      }
      const end = search.finishEpoch();
      const read = ({ name }: { name: string }) => [options.network.read(name), options.network.read(name, "momentum")];
      const learnt = options.network.parameters.map(read);
      // After the last recalibration nothing is left of those before it.
      const buffers = options.network.buffers.map(({ name }) => options.network.read(name));
      return { reports, end, learnt, buffers, alpha: search.alpha, passes: search.clock.batchesTracked };
    };
    const [without, within] = [after(false), after(true)];
    assertEquals(within.reports.map(({ epochs, train }) => [epochs, train.count]), [[0.25, 8], [0.5, 16], [0.75, 24]]);
    assertEquals([within.end, within.end.epochs], [without.end, 1]);
    assertEquals([within.learnt, within.alpha], [without.learnt, without.alpha]);
    assertEquals(within.buffers, without.buffers);
    assertEquals(within.passes, without.passes + 3 * 4);
  }
});

Deno.test("BilevelSearch refuses to refit the heads of several datasets", () => {
  const whole = tinySearch(engine, { settings: { ...DARTS_SETTINGS, batch: 8, refitsHead: true } });
  const [part] = whole.data.parts;
  const data = { ...whole.data, parts: [part!, part!] };
  assertThrows(() => new BilevelSearch({ ...whole, data }), RangeError, "expected a single one");
});

Deno.test("BilevelSearch lets alpha learn in every n-th step, from its batches in their order", () => {
  const steps = (alphaEvery: number) => {
    const options = tinySearch(engine, { settings: { ...DARTS_SETTINGS, batch: 8, alphaEvery } });
    const search = new BilevelSearch(options);
    const losses: (number | undefined)[] = [];
    while (!search.clock.isDone) {
      while (!search.clock.isEpochOver) losses.push(search.takeStep().alphaLoss);
      search.finishEpoch();
    }
    options.network.free();
    return losses;
  };
  const [all, third] = [steps(1), steps(3)];
  assertEquals(third.map((loss) => loss !== undefined), all.map((_, step) => step % 3 === 0));
  assertEquals(third[0], all[0]);
});

Deno.test("BilevelSearch trains one network of the supernet in a share of the steps, and its statistics not at all", () => {
  const settings = { ...DARTS_SETTINGS, batch: 8, momentum: 0, weightDecay: 0, pathShare: 0.5 };
  const options = tinySearch(engine, { settings });
  const { network } = options;
  const search = new BilevelSearch(options);
  const names = network.parameters.map(({ name }) => name).filter((name) => name.includes("._ops."));
  const read = () => new Map(names.map((name) => [name, network.read(name)]));
  const statistics = () => network.buffers.map(({ name }) => network.read(name));
  for (let step = 0; step < 4; step++) {
    const [before, ofBuffers, tracked] = [read(), statistics(), search.clock.batchesTracked];
    search.takeStep();
    const learnt = names.filter((name) => String(network.read(name)) !== String(before.get(name)));
    if (step % 2 === 0) {
      assertEquals(learnt.length, names.length, "the mixture");
      assertNotEquals(statistics(), ofBuffers);
      continue;
    }
    // Two edges a node, one operation each; a cell has two nodes.
    for (let cell = 0; cell < TINY_SPACE.cells; cell++) {
      const of = learnt.filter((name) => name.startsWith(`cells.${cell}.`));
      const operations = new Set(of.map((name) => name.split(".").slice(0, 5).join(".")));
      assert(operations.size <= 4, `${operations.size} operations`);
    }
    assert(learnt.length > 0 && learnt.length < names.length / 2);
    // Alpha's step before it still sees the mixture.
    assertEquals(search.clock.batchesTracked, tracked + 1);
  }
  network.free();
});

for (const order of [1, 2] as const) {
  Deno.test(`BilevelSearch of order ${order} goes on from any step, bit for bit`, () => {
    const refitsHead = order === 1;
    const shares = { alphaEvery: 2, recalibrationBatches: 3, pathShare: 0.4 };
    const settings = { ...DARTS_SETTINGS, batch: 8, order, refitsHead, ...shares };
    const changes = { settings };
    const whole = tinySearch(engine, changes);
    const straight = new BilevelSearch(whole);
    const log = finish(straight);
    const wanted = outcome(whole, straight);
    // Steps an epoch: 26 images in batches of 8, the last one smaller.
    assertEquals(straight.clock.stepsPerEpoch, 4);
    let count = 0;
    for (const stop of [0, 1, 4, 6]) {
      const options = tinySearch(engine, changes);
      const search = new BilevelSearch(options);
      const resumedLog: unknown[] = [];
      for (let step = 0; step < stop; step++) {
        if (search.clock.isEpochOver) resumedLog.push(search.finishEpoch());
        resumedLog.push(search.takeStep());
      }
      const { tensors, progress } = search.save();
      const [state, momentum] = [collectState(options.network), collectMomentum(options.network)];

      const later = tinySearch(engine, changes);
      initialiseNetwork(later.network, 99);
      loadState(later.network, state);
      loadMomentum(later.network, momentum);
      const resumed = new BilevelSearch(later);
      resumed.load({ tensors, progress: JSON.parse(JSON.stringify(progress)) });
      assertEquals(finish(resumed, resumedLog), log);
      assertEquals(outcome(later, resumed), wanted);
      options.network.free();
      later.network.free();
      count++;
    }
    assertEquals(count, 4);
  });
}

Deno.test("BilevelSearch gives the same bits on any number of threads", async () => {
  const results = [];
  for (const threads of [1, 2, 3]) {
    const team = await Engine.start({ build: "strict", threads });
    const options = tinySearch(team, { settings: { ...DARTS_SETTINGS, batch: 8, order: 2 } });
    const search = new BilevelSearch(options);
    finish(search);
    results.push(outcome(options, search));
    team.close();
  }
  assertEquals(results[1], results[0]);
  assertEquals(results[2], results[0]);
});

Deno.test("BilevelSearch learns weights and alpha, and differs between seeds and orders", () => {
  const losses = (changes: Partial<BilevelOptions>) => {
    const options = tinySearch(engine, { plan: cosinePlan({ epochs: 6, first: 0.05, last: 0.001 }), ...changes });
    const search = new BilevelSearch(options);
    const start = search.alpha;
    finish(search);
    assertNotEquals(search.alpha, start);
    const log = finish(
      new BilevelSearch({ ...options, plan: [{ learningRate: 0, updatesAlpha: false, learns: "all" }] }),
    );
    return (log.at(-1) as { validation: { loss: number } }).validation.loss;
  };
  const first = losses({});
  assert(first < 0.9, `loss ${first} after six epochs, ln 3 = 1.1 by guessing`);
  assertNotEquals(losses({ seed: 2 }), first);
  assertNotEquals(losses({ settings: { ...DARTS_SETTINGS, batch: 8, order: 2 } }), first);
});

Deno.test("BilevelSearch that is shortened does what a search of that length does, bit for bit", () => {
  const planFor = (epochs: number) => cosinePlan({ epochs, first: 0.05, last: 0.001 });
  const outcomes = [5, 2].map((epochs) => {
    const options = tinySearch(engine, { plan: planFor(epochs), planFor });
    const search = new BilevelSearch(options);
    while (!search.clock.isEpochOver) search.takeStep();
    search.finishEpoch();
    search.clock.shorten(2);
    finish(search);
    return outcome(options, search);
  });
  assertEquals(outcomes[0], outcomes[1]);
});

Deno.test("BilevelSearch moves only the classifier while the body is frozen, and not alpha", () => {
  const frozen = { learningRate: 0.1, updatesAlpha: false, learns: "head" } as const;
  const options = tinySearch(engine, { plan: [frozen, { learningRate: 0.1, updatesAlpha: true, learns: "all" }] });
  const search = new BilevelSearch(options);
  const [before, alpha] = [collectState(options.network), search.alpha];
  while (!search.clock.isEpochOver) search.takeStep();
  search.finishEpoch();
  const changed = () =>
    options.network.parameters.map(({ name }) => name)
      .filter((name) => String(options.network.read(name)) !== String(before.get(name)!.data));
  assertEquals(changed(), ["classifier.weight", "classifier.bias"]);
  assertEquals(search.alpha, alpha);
  search.takeStep();
  assert(changed().length > options.network.parameters.length / 2);
  assertNotEquals(search.alpha, alpha);
});

Deno.test("BilevelSearch takes alpha's images round when there are fewer of them", () => {
  const { split } = tinySearch(engine);
  const alpha = everyImage(Uint32Array.from({ length: 6 }, (_, i) => i));
  const options = tinySearch(engine, { split: { ...split, alpha } });
  const log = finish(new BilevelSearch(options)) as { alphaLoss?: number }[];
  assertEquals(log.filter(({ alphaLoss }) => alphaLoss !== undefined).length, 8);
});

Deno.test("BilevelSearch refuses steps out of turn and states of another search", () => {
  const options = tinySearch(engine);
  const search = new BilevelSearch(options);
  assertThrows(() => search.finishEpoch(), RangeError, "Cannot finish epoch 0: 0 steps are done, expected 4");
  while (!search.clock.isEpochOver) search.takeStep();
  assertThrows(() => search.takeStep(), RangeError, "Cannot take step 4: epoch 0 has 4 steps");
  const state = search.state();
  assertThrows(() => search.restore({ ...state, step: 5 }), RangeError, "stopped in epoch 0, step 5");
  assertThrows(() => search.restore({ ...state, alpha: new Float32Array(3) }), RangeError, "hold 3, 80, 80 numbers");
  assertThrows(
    () => new BilevelSearch({ ...options, alpha: new Float32Array(3) }),
    RangeError,
    "alpha holds 3 numbers",
  );
  finish(search);
  assertThrows(() => search.takeStep(), RangeError, "Cannot take step");
});

Deno.test("BilevelSearch says so when the loss is no longer finite", () => {
  const options = tinySearch(engine, { plan: cosinePlan({ epochs: 50, first: 1e30, last: 1e30 }) });
  assertThrows(
    () => finish(new BilevelSearch(options)),
    RangeError,
    "expected a finite number: lower the learning rate",
  );
});
