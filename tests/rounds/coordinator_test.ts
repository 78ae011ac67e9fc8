import { assertEquals, assertNotEquals, assertRejects } from "@std/assert";
import { Interrupted } from "../../src/run/mod.ts";
import type { JobHandler } from "../../src/queue/mod.ts";
import { partOfJob } from "../../src/rounds/mod.ts";
import { runPretraining } from "../pipelines/_sources.ts";
import { timeless } from "../pipelines/_runs.ts";
import { inRounds, referenceRounds, runRounds, supernetOf } from "./_rounds.ts";

const PLAIN = { outerLearningRate: 1, outerMomentum: 0 };

/** A curve without times and without who took part. */
function figuresOf(curve: readonly object[]): unknown {
  return curve.map((point) => ({ ...timeless(point) as object, round: undefined }));
}

Deno.test("rounds of one worker whose mean counts are a plain pretraining, bit for bit", () =>
  inRounds(async (folder, data) => {
    // A mean of weights, single paths and a fraction of alpha's steps are told apart by the number of the step.
    const options = { search: { batch: 8, pathShare: 0.5, alphaEvery: 2 }, weights: { mean: 0.9 } };
    const plain = await runPretraining(`${folder}/plain`, { data, entry: { zoo: `${folder}/zoo` }, ...options });
    const rounds = await runRounds(`${folder}/rounds`, data, {
      options: { ...options, rounds: { workers: 1, ...PLAIN } },
    });
    assertEquals(figuresOf(rounds.curve), figuresOf(plain.curve));
    assertEquals(await supernetOf(`${folder}/rounds`), await supernetOf(`${folder}/plain`));
    assertEquals(rounds.curve.map(({ round }) => [round!.workers, round!.tookPart, round!.images]), [
      [1, [0], 48],
      [1, [0], 48],
    ]);
  }));

Deno.test("rounds of two workers end in the same bits, by one server or two, in any order", () =>
  inRounds(async (folder, data) => {
    const one = await referenceRounds();
    const slowFirst = (run: JobHandler): JobHandler => async (job, context) => {
      if (partOfJob(job).worker === 0) await new Promise((resolve) => setTimeout(resolve, 300));
      return await run(job, context);
    };
    const options = { rounds: { workers: 2 } };
    const two = await runRounds(`${folder}/two`, data, { options, servers: 2, around: slowFirst });
    assertEquals(timeless(two.curve), timeless(one.curve));
    assertEquals(await supernetOf(`${folder}/two`), one.supernet);
    const { round } = one.curve[0]!;
    // 6 batches of 8: each worker has three of them.
    assertEquals([round!.tookPart, round!.images], [[0, 1], 48]);
    assertEquals(round!.bytesDown > 2 * 10_000 && round!.bytesUp > 2 * 10_000, true);
  }));

Deno.test("the outer optimiser changes what rounds come to", () =>
  inRounds(async (folder, data) => {
    const diloco = await referenceRounds();
    const mean = await runRounds(`${folder}/mean`, data, { options: { rounds: { workers: 2, ...PLAIN } } });
    for (const round of [0, 1]) assertNotEquals(mean.curve[round]!.validLoss, diloco.curve[round]!.validLoss);
  }));

Deno.test("a worker that is lost is left out of its round, and what it brings later is discarded", () =>
  inRounds(async (folder, data) => {
    const late: boolean[] = [];
    const losing = (run: JobHandler): JobHandler => async (job, context) => {
      const { round, worker } = partOfJob(job);
      const end = await run(job, context);
      if (round === 0 && worker === 1) {
        // It does not hear that it was given up, and tells what it has done long after the round.
        await new Promise((resolve) => context.signal.addEventListener("abort", resolve));
        late.push(context.signal.aborted);
      }
      return end;
    };
    const options = { rounds: { workers: 2 } };
    const lost = await runRounds(`${folder}/lost`, data, { options, servers: 2, timeoutSeconds: 0.1, around: losing });
    assertEquals(lost.curve[0]!.round!.tookPart, [0]);
    assertEquals(late, [true]);
    const again = await runRounds(`${folder}/again`, data, {
      options,
      servers: 2,
      timeoutSeconds: 0.1,
      around: losing,
    });
    assertEquals(timeless(again.curve[0]), timeless(lost.curve[0]));
    const whole = await referenceRounds();
    assertNotEquals(whole.curve[0]!.validLoss, lost.curve[0]!.validLoss);
  }));

Deno.test("the part of a worker that is killed is done by another, to the same bits", () =>
  inRounds(async (folder, data) => {
    const options = { rounds: { workers: 2 } };
    const whole = await referenceRounds();
    const killed = await runRounds(`${folder}/killed`, data, { options, isKilled: true });
    assertEquals(timeless(killed.curve), timeless(whole.curve));
    assertEquals(await supernetOf(`${folder}/killed`), whole.supernet);
    const parts = JSON.parse(await Deno.readTextFile(`${folder}/killed/rounds/round-0.json`)).parts;
    assertEquals(parts.map(({ attempt }: { attempt: number }) => attempt).sort(), [1, 2]);
  }));

Deno.test("rounds that are interrupted go on to the same bits, with what came in before", () =>
  inRounds(async (folder, data) => {
    const options = { rounds: { workers: 2 } };
    const whole = await referenceRounds();
    for (const at of [{ round: 0, worker: 1 }, { round: 1, worker: 0 }]) {
      const out = `${folder}/broken-${at.round}-${at.worker}`;
      const interrupt = { requested: false };
      const breaking = (run: JobHandler): JobHandler => async (job, context) => {
        const { round, worker } = partOfJob(job);
        if (round !== at.round || worker !== at.worker) return await run(job, context);
        interrupt.requested = true;
        return { type: "give back" };
      };
      await assertRejects(
        () => runRounds(out, data, { options, session: { interrupt }, around: breaking }),
        Interrupted,
      );
      const resumed = await runRounds(out, data, {
        options: { ...options, entry: { zoo: `${out}-zoo` } },
        session: { resume: true },
      });
      assertEquals(timeless(resumed.curve), timeless(whole.curve));
      assertEquals(await supernetOf(out), whole.supernet);
    }
  }));

Deno.test("a round of which no part can be done ends the run in a line that says why", () =>
  inRounds(async (folder, data) => {
    await assertRejects(
      () =>
        runRounds(`${folder}/run`, data, {
          options: { rounds: { workers: 2 } },
          around: () => () => Promise.reject(new Error("no memory")),
        }),
      Error,
      "Cannot finish round 1: none of its 2 parts came in: no memory",
    );
    await assertRejects(
      () => runRounds(`${folder}/many`, data, { options: { rounds: { workers: 7 } } }),
      Error,
      "Cannot share 6 batches of 8 among 7 workers",
    );
  }));
