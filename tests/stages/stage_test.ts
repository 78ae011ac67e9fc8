import { assertEquals, assertRejects } from "@std/assert";
import { BatchOrder, everyImage } from "../../src/batches/mod.ts";
import { Interrupted } from "../../src/run/mod.ts";
import { DARTS_TRAINING, Validator, WeightTraining } from "../../src/search/mod.ts";
import { randomGenotype } from "../../src/spaces/darts/genotype.ts";
import { makeDartsSpace } from "../../src/spaces/darts/space.ts";
import { buildDerivedNetwork } from "../../src/spaces/mod.ts";
import {
  checkEarlier,
  lastWork,
  runStage,
  Session,
  type SessionOptions,
  type Stage,
  type StageTime,
} from "../../src/stages/mod.ts";
import type { EpochRecord } from "../../src/stages/types.ts";
import { tinyTask } from "../network/_tiny_task.ts";
import { timeless } from "../pipelines/_runs.ts";

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
    const common = { command: "c", configuration: {}, build: "strict", threads: 1, resume: true } as const;
    await test((name, options = {}) => Session.start({ ...common, out: `${folder}/${name}`, ...options }));
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

Deno.test("checkEarlier() completes the space of a checkpoint of before there was a choice of stems", () => {
  const { stem: _, ...old } = SPACE;
  const progress = { stage: "train", fingerprint: "f", seconds: 1, state: null, earlier: { space: old, genotype: 3 } };
  const read = checkEarlier<{ space: typeof SPACE; genotype: number }>({ tensors: new Map(), progress });
  assertEquals(read, { space: SPACE, genotype: 3 });
});
