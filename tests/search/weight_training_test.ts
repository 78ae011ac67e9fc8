import { assert, assertEquals, assertNotEquals, assertThrows } from "@std/assert";
import { Engine } from "../../src/engine/mod.ts";
import { collectMomentum, collectState, initialiseNetwork, loadMomentum, loadState } from "../../src/network/mod.ts";
import { buildDerivedNetwork } from "../../src/spaces/mod.ts";
import { randomGenotype } from "../../src/spaces/darts/genotype.ts";
import { makeDartsSpace } from "../../src/spaces/darts/space.ts";
import { DARTS_TRAINING, type TrainingSettings, WeightTraining } from "../../src/search/mod.ts";
import { everyImage, type Objective } from "../../src/batches/mod.ts";
import { tinyTask } from "../network/_tiny_task.ts";

const engine = await Engine.start({ build: "strict", threads: 1 });
const SPACE = makeDartsSpace({ channels: 4, cells: 3, classes: 3, inputChannels: 1, height: 12, width: 12 });

function setUp(settings: Partial<TrainingSettings> = {}, seed = 1, objective: Objective = {}) {
  const data = tinyTask(engine, { count: 20, height: 12, width: 12 });
  const program = buildDerivedNetwork({ space: SPACE, genotype: randomGenotype(2), auxiliaryWeight: 0.4 });
  const network = engine.compile(program, { batch: 8 });
  initialiseNetwork(network, seed);
  const training = new WeightTraining({
    engine,
    network,
    data,
    images: everyImage(data.indices),
    learns: "all",
    augment: { cropPadding: 1, flip: true, cutout: 2 },
    objective,
    settings: { ...DARTS_TRAINING, epochs: 3, batch: 8, ...settings },
    seed,
  });
  return { network, training };
}

Deno.test("WeightTraining learns with weights of the classes; equal ones are none", () => {
  const runs = [undefined, [1, 1, 1], [0.25, 1, 4]].map((weights) => {
    const given = setUp({}, 1, { classWeights: weights && Float32Array.from(weights) });
    const { loss } = given.training.takeStep();
    return { loss, weights: given.network.parameters.map(({ name }) => given.network.read(name)) };
  });
  assertEquals(runs[1], runs[0]);
  assertNotEquals(runs[2]!.loss, runs[0]!.loss);
  assertNotEquals(runs[2]!.weights, runs[0]!.weights);
});

function finish({ training }: ReturnType<typeof setUp>, log: unknown[] = []): unknown[] {
  while (!training.clock.isDone) {
    while (!training.clock.isEpochOver) log.push(training.takeStep());
    log.push(training.finishEpoch());
  }
  return log;
}

Deno.test("WeightTraining learns from smoothed labels and mixed images; none of either are the bits of before", () => {
  const objectives: Objective[] = [
    {},
    { labelSmoothing: 0, mixing: { mixup: 0, cutmix: 0 } },
    { labelSmoothing: 0.1 },
    { mixing: { mixup: 1, cutmix: 0 } },
    { mixing: { mixup: 0, cutmix: 1 } },
  ];
  const losses = objectives.map((objective) => setUp({}, 1, objective).training.takeStep().loss);
  assertEquals(losses[1], losses[0]);
  assertEquals(new Set(losses).size, 4);
});

Deno.test("WeightTraining has the defaults of the paper", () => {
  assertEquals(DARTS_TRAINING, {
    epochs: 600,
    batch: 96,
    firstLearningRate: 0.025,
    lastLearningRate: 0,
    momentum: 0.9,
    weightDecay: 3e-4,
    clip: 5,
    dropPath: 0.2,
  });
});

Deno.test("WeightTraining that is shortened does what a training of that length does, bit for bit", () => {
  const states = [5, 2].map((epochs) => {
    const given = setUp({ epochs });
    while (!given.training.clock.isEpochOver) given.training.takeStep();
    given.training.finishEpoch();
    given.training.clock.shorten(2);
    finish(given);
    return collectState(given.network, given.training.clock);
  });
  assertEquals(states[0], states[1]);
});

Deno.test("WeightTraining goes on from any step, bit for bit, also with a mean of weights and mixed images", () => {
  goOn([2, 3, 5], () => setUp());
  goOn([5], () => setUp({ weightsMean: 0.9 }, 1, MIXED));
});

const MIXED: Objective = { labelSmoothing: 0.1, mixing: { mixup: 0.5, cutmix: 0.5 } };

function goOn(stops: readonly number[], start: () => ReturnType<typeof setUp>): void {
  const whole = start();
  const log = finish(whole);
  whole.training.adopt();
  const wanted = collectState(whole.network, whole.training.clock);
  for (const stop of stops) {
    const first = start();
    const resumedLog: unknown[] = [];
    for (let step = 0; step < stop; step++) {
      if (first.training.clock.isEpochOver) resumedLog.push(first.training.finishEpoch());
      resumedLog.push(first.training.takeStep());
    }
    const second = start();
    initialiseNetwork(second.network, 50);
    loadState(second.network, collectState(first.network));
    loadMomentum(second.network, collectMomentum(first.network));
    const { tensors, progress } = first.training.save();
    second.training.load({ tensors, progress: JSON.parse(JSON.stringify(progress)) });
    assertEquals(finish(second, resumedLog), log);
    second.training.adopt();
    assertEquals(collectState(second.network, second.training.clock), wanted);
  }
}

Deno.test("WeightTraining ends with the mean of its weights and statistics of their own", () => {
  const [plain, mean] = [0, 0.9].map((weightsMean) => setUp({ weightsMean }));
  for (const given of [plain!, mean!]) finish(given);
  const states = [plain!, mean!].map(({ network, training }) => collectState(network, training.clock));
  assertEquals(states[1], states[0], "what learns is the same");
  assertEquals(plain!.training.clock.batchesTracked, 9);
  for (const { training } of [plain!, mean!]) training.adopt();
  assertEquals(collectState(plain!.network, plain!.training.clock), states[0]);
  assertEquals(mean!.training.clock.batchesTracked, 9 + 3, "an epoch of batches measured the statistics");
  const adopted = collectState(mean!.network, mean!.training.clock);
  for (const name of ["stem.0.weight", "stem.1.running_mean"]) {
    assertNotEquals(adopted.get(name), states[0]!.get(name));
    assert(adopted.get(name)!.data.every((value) => Number.isFinite(value)));
  }
});

Deno.test("WeightTraining refuses to go on without the mean of its weights", () => {
  const { tensors, progress } = setUp().training.save();
  assertThrows(
    () => setUp({ weightsMean: 0.9 }).training.load({ tensors, progress }),
    RangeError,
    "Cannot resume: the mean of stem.0.weight holds no numbers, expected 108",
  );
});

Deno.test("WeightTraining learns, and drop-path changes it", () => {
  const losses = (dropPath: number) => {
    const log = finish(setUp({ epochs: 8, dropPath })) as { train?: { loss: number } }[];
    return log.filter(({ train }) => train !== undefined).map(({ train }) => train!.loss);
  };
  const [plain, dropped] = [losses(0), losses(0.5)];
  assert(plain.at(-1)! < 0.7 * plain[0]!, `losses ${plain}`);
  assertEquals(dropped[0], plain[0], "there is none in the first epoch");
  assertNotEquals(dropped.at(-1), plain.at(-1));
});

Deno.test("WeightTraining refuses steps out of turn and states of another training", () => {
  const { training } = setUp();
  assertThrows(() => training.finishEpoch(), RangeError, "Cannot finish epoch 0: 0 steps are done, expected 3");
  const { tensors, progress } = training.save();
  assertThrows(
    () => training.load({ tensors, progress: { ...progress, epoch: 9 } }),
    RangeError,
    "stopped in epoch 9, step 0, expected at most 3",
  );
});
