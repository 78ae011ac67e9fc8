import { assert, assertEquals, assertRejects, assertStringIncludes } from "@std/assert";
import { BatchOrder, everyImage } from "../../src/batches/mod.ts";
import { Interrupted, RunError } from "../../src/run/mod.ts";
import { DARTS_TRAINING, Validator, WeightTraining } from "../../src/search/mod.ts";
import { randomGenotype } from "../../src/spaces/darts/genotype.ts";
import { makeDartsSpace } from "../../src/spaces/darts/space.ts";
import { buildDerivedNetwork } from "../../src/spaces/mod.ts";
import {
  ARCHITECTURE_SHAPE,
  earlierOf,
  lastWork,
  runStage,
  type Session,
  type SessionOptions,
  type Stage,
  type StageTime,
} from "../../src/stages/mod.ts";
import type { EpochRecord } from "../../src/stages/types.ts";
import { tinyTask } from "../network/_tiny_task.ts";
import { timeless } from "../pipelines/_runs.ts";
import { startSession } from "./_session.ts";

const SPACE = makeDartsSpace({ channels: 4, cells: 3, classes: 3, inputChannels: 1, height: 12, width: 12 });

/** A stage of two epochs of three steps, validated twice in the first one. */
function tinyStage({ engine }: Session, changes: { earlier?: unknown; hasHead?: boolean } = {}) {
  const data = tinyTask(engine, { count: 36, height: 12, width: 12 });
  const weights = everyImage(data.indices.slice(0, 24));
  const stage: Stage<WeightTraining, EpochRecord> = {
    name: "tiny",
    program: buildDerivedNetwork({ space: SPACE, genotype: randomGenotype(2) }),
    batch: 8,
    fingerprint: "f",
    earlier: changes.earlier ?? null,
    validations: 2,
    begin: (network, replace) => {
      network.initialise(1);
      return {
        learner: stage.reopen(network, replace),
        head: changes.hasHead ? { batches: 0, loss: 1, accuracy: 0.5 } : undefined,
      };
    },
    reopen: (network) =>
      new WeightTraining({
        engine,
        network,
        data,
        images: weights,
        learns: "all",
        settings: { ...DARTS_TRAINING, epochs: 2, batch: 8 },
        validator: new Validator({
          engine,
          network,
          data,
          weights,
          heldOut: [data.indices.slice(24)],
          batch: 8,
          refitsHead: true,
          recalibration: { batches: 0, order: new BatchOrder(engine, weights, { batch: 8, seed: 1 }), seed: 1 },
          seed: 1,
        }),
        seed: 1,
      }),
    describe: ({ epochs: epoch, train, validation }, seconds) => ({
      epoch,
      seconds,
      trainLoss: train.loss,
      trainAccuracy: train.accuracy,
      validLoss: validation!.loss,
    }),
  };
  return stage;
}

/** Runs a test with a function that starts sessions in folders of a folder. */
async function inFolder(
  test: (start: (name: string, options?: Partial<SessionOptions>) => Promise<Session>) => Promise<void>,
) {
  const folder = await Deno.makeTempDir();
  try {
    await test((name, options = {}) => startSession("c", `${folder}/${name}`, { resume: true, ...options }));
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}

/** An interrupt that is requested after some steps. */
function stopAfter(stop: number) {
  let steps = 0;
  return {
    interrupt: {
      get requested() {
        return steps === stop;
      },
    },
    onEvent: ({ type }: { type: string }) => void (steps += Number(type === "step")),
  };
}

Deno.test("runStage() goes on from any step to the same end, with what a fitted head could do at the start", () =>
  inFolder(async (open) => {
    const run = async (name: string, stop = Infinity) => {
      await using session = await open(name, stopAfter(stop));
      const stage = tinyStage(session, { hasHead: true });
      const { state, start, history } = await runStage(session, stage, await session.load("f"));
      const events = (await session.run.events()).map(({ type }) => type);
      return { state, told: timeless({ start, history }), events };
    };
    const whole = await run("whole");
    assertEquals(whole.events, ["head", "validation", "epoch", "epoch"]);
    for (const stop of [1, 2, 4]) {
      await assertRejects(() => run(`stopped-${stop}`, stop), Interrupted);
      assertEquals(await run(`stopped-${stop}`), whole);
    }
  }));

Deno.test("runStage() is heard at every pass of a validation and of a head's fit, and goes on to the same end", () =>
  inFolder(async (open) => {
    const run = async (name: string, interrupt: { readonly requested: boolean }) => {
      await using session = await open(name, { interrupt });
      const { state, start, history } = await runStage(
        session,
        tinyStage(session, { hasHead: true }),
        await session.load("f"),
      );
      const events = (await session.run.events()).map(({ type }) => type);
      return { state, told: timeless({ start, history }), events };
    };
    let looks = 0;
    /** An interrupt that is requested when it is asked for the n-th time. */
    const atLook = (n: number) => {
      looks = 0;
      return {
        get requested() {
          return ++looks === n;
        },
      };
    };
    const whole = await run("whole", atLook(Infinity));
    // Two epochs of three steps: most looks are those of the five passes that each of the three validations makes.
    const last = looks;
    assert(last > 6 + 3 * 4, `${last} looks`);
    for (let n = 1; n <= last; n++) {
      await assertRejects(() => run(`at-${n}`, atLook(n)), Interrupted);
      assertEquals(await run(`at-${n}`, atLook(Infinity)), whole, `interrupted at look ${n} of ${last}`);
    }
  }));

Deno.test("runStage() keeps what earlier stages found from its first moment on, and as it goes on", () =>
  inFolder(async (open) => {
    const earlier = { genotype: "…" };
    const fail = () => {
      throw new RangeError("no");
    };
    const failEarly = async (name: string, earlier: unknown) => {
      await using session = await open(name);
      const stage = { ...tinyStage(session, { earlier }), describe: fail };
      await assertRejects(() => runStage(session, stage), RangeError, "no");
      return await session.load("f");
    };
    assertEquals(await failEarly("alone", null), undefined);
    const kept = await failEarly("second", earlier);
    assertEquals([kept?.progress.stage, kept?.progress.earlier], ["tiny", earlier]);
    await using session = await open("second", stopAfter(1));
    const stage = tinyStage(session, { earlier });
    const found = await session.load("f");
    await assertRejects(() => runStage(session, stage, found), Interrupted);
    assertEquals((await session.load("f"))?.progress.earlier, earlier);
  }));

Deno.test("runStage() leaves out epochs for which there is no time, also of a run that is resumed without a limit", () =>
  inFolder(async (open) => {
    const cut = { stage: "tiny", planned: 2, epochs: 1 };
    const run = async (time?: StageTime) => {
      await using session = await open("cut");
      const outcome = await runStage(session, { ...tinyStage(session), time }, await session.load("f"));
      return [outcome.history.length, outcome.cut];
    };
    assertEquals(await run({ limit: 0, later: lastWork(0), isFirst: false }), [1, cut]);
    assertEquals(await run(), [1, cut]);
  }));

Deno.test("runStage() refuses a checkpoint that holds what no stage saves, in one line that names the file", () =>
  inFolder(async (open) => {
    await using session = await open("run", stopAfter(2));
    const stage = tinyStage(session, { hasHead: true });
    await assertRejects(() => runStage(session, stage), Interrupted);
    const sound = (await session.load("f"))!;
    const state = sound.progress.state as Record<string, unknown> & { learner: Record<string, unknown> };
    const learner = (change: object) => ({ ...state, learner: { ...state.learner, ...change } });
    const changes: unknown[] = [
      null,
      3,
      { ...state, epochs: 1e308 },
      { ...state, epochs: -1 },
      { ...state, epochs: 9 },
      { ...state, history: {} },
      { ...state, history: [{ epoch: 1 }] },
      { ...state, within: null },
      { ...state, learner: [] },
      learner({ epoch: 1e308 }),
      learner({ epoch: 7 }),
      learner({ step: "2" }),
      learner({ batchesTracked: null }),
      learner({ tally: { loss: "0", correct: 0, count: 0 } }),
      learner({ space: { name: "darts" } }),
    ];
    for (const state of changes) {
      const changed = { ...sound, progress: { ...sound.progress, state } };
      const { message } = await assertRejects(() => runStage(session, stage, changed), RunError) as Error;
      assertStringIncludes(message, "checkpoint.safetensors: ");
      assert(!/of undefined|is not a function|not iterable/.test(message), message);
    }
    const lacking = new Map(sound.tensors);
    lacking.delete("classifier.bias");
    const { message } = await assertRejects(() => runStage(session, stage, { ...sound, tensors: lacking })) as Error;
    assertStringIncludes(message, "checkpoint.safetensors: Cannot load weights: classifier.bias is missing");
  }));

Deno.test("earlierOf() completes the space of a checkpoint of before there was a choice of stems", () => {
  const { stem: _, ...old } = SPACE;
  const genotype = {};
  const progress = { stage: "train", fingerprint: "f", seconds: 1, state: null, earlier: { space: old, genotype } };
  const read = earlierOf<object>({ tensors: new Map(), progress, file: "checkpoint" }, ARCHITECTURE_SHAPE);
  assertEquals(read, { space: SPACE, genotype });
});
