import { assertEquals } from "@std/assert";
import { driveEpochs, type EpochMachine } from "../../src/stages/epochs.ts";
import { EpochClock } from "../../src/search/mod.ts";
import { lastWork, StageTimer } from "../../src/stages/time_budget.ts";
import type { EpochRecord, PipelineEvent } from "../../src/stages/types.ts";
import { startSession } from "./_session.ts";

/** Counts steps: two an epoch, if nothing else is said. */
class Counter implements EpochMachine<number> {
  readonly clock: EpochClock;
  constructor(epoch: number, step: number, stepsPerEpoch = 2) {
    this.clock = new EpochClock({ purpose: "training", epochs: 4, stepsPerEpoch, batchesTracked: 0 });
    this.clock.restore({ ...this.clock.state(), epoch, step });
  }
  takeStep() {
    const loss = this.clock.step;
    this.clock.countStep({ loss, correct: 0, count: 1 });
    return { loss };
  }
  validate() {
    return this.clock.epochsDone;
  }
  finishEpoch() {
    return this.clock.finishEpoch(() => this.validate());
  }
}

/** Drives a counter; returns the epochs recorded, the kinds of events, and the lines of the run's history. */
async function drive(
  counter: Counter,
  hasSettled: (history: readonly EpochRecord[]) => boolean,
  { validations, records }: { validations: number; records: EpochRecord[] } = { validations: 1, records: [] },
  timer?: StageTimer,
) {
  const out = await Deno.makeTempDir();
  try {
    const events: PipelineEvent[] = [];
    await using session = await startSession("count", out, { onEvent: (event) => void events.push(event) });
    const history: EpochRecord[] = [];
    await driveEpochs(session, counter, {
      stage: "count",
      history,
      within: records,
      validations,
      hasSettled,
      timer,
      describe: (epoch, seconds) => ({ epoch, seconds, trainLoss: 0, trainAccuracy: 0 }),
      snapshot: () => ({
        tensors: new Map(),
        progress: { stage: "count", fingerprint: "", state: null, earlier: null },
      }),
    });
    const written = await session.run.events();
    return {
      epochs: history.map(({ epoch }) => epoch),
      within: history.map(({ within = [] }) => within.map(({ epoch }) => epoch)),
      types: events.map(({ type }) => type),
      told: events.flatMap((event) => event.type === "stage" ? [event.text] : []),
      written: written.length,
    };
  } finally {
    await Deno.remove(out, { recursive: true });
  }
}

Deno.test("driveEpochs() takes all steps of all epochs and tells of each", async () => {
  const { epochs, types, written } = await drive(new Counter(0, 0), () => false);
  assertEquals([epochs, written], [[1, 2, 3, 4], 4]);
  assertEquals(types.slice(0, 4), ["step", "step", "epoch", "step"]);
});

Deno.test("driveEpochs() goes on where the machine stands, even when only the epoch's end is left", async () => {
  assertEquals((await drive(new Counter(2, 2), () => false)).epochs, [3, 4]);
});

Deno.test("driveEpochs() validates within epochs, evenly spread, the less often the later, and not twice at their end", async () => {
  const within = async (validations: number, records: EpochRecord[] = [], counter = new Counter(2, 0, 4)) =>
    (await drive(counter, () => false, { validations, records })).within;
  assertEquals(await within(1), [[], []]);
  assertEquals(await within(2, [], new Counter(0, 0, 4)), [[0.5], [], [], []]);
  assertEquals(await within(4, [], new Counter(0, 0, 4)), [[0.25, 0.5, 0.75], [1.5], [2.5], []]);
  assertEquals(await within(9), [[2.5, 2.75], [3.5, 3.75]]);
  assertEquals(await within(100), [[2.25, 2.5, 2.75], [3.25, 3.5, 3.75]]);
  // Resumed: what was validated before is of this epoch, and comes first.
  const before = { epoch: 2.5, seconds: 0, trainLoss: 0, trainAccuracy: 0 };
  assertEquals(await within(12, [before], new Counter(2, 2, 4)), [[2.5, 2.75], [3.5, 3.75]]);
});

Deno.test("driveEpochs() stops when the history has settled", async () => {
  assertEquals((await drive(new Counter(0, 0), ({ length }) => length === 2)).epochs, [1, 2]);
});

/** A timer whose clock goes a second a step, or faster from an epoch on. */
function timerFor(counter: Counter, limit: number, secondsOf: (epoch: number) => number = () => 1): StageTimer {
  let now = 0;
  const takeStep = counter.takeStep.bind(counter);
  counter.takeStep = () => {
    now += secondsOf(counter.clock.epoch);
    return takeStep();
  };
  const time = { limit, later: lastWork(0), isFirst: true };
  return new StageTimer("train", time, { now: () => now, position: counter.clock });
}

Deno.test("driveEpochs() leaves out epochs for which there is no time, and says so", async () => {
  const [counter, free] = [new Counter(0, 0), new Counter(0, 0)];
  const all = await drive(free, () => false, undefined, timerFor(free, 8));
  assertEquals([all.epochs, all.told], [[1, 2, 3, 4], []]);
  const some = await drive(counter, () => false, undefined, timerFor(counter, 5));
  assertEquals(some.epochs, [1, 2]);
  assertEquals(some.told, ["time is short: 2 epochs of the count instead of 4"]);
  assertEquals([counter.clock.epochs, counter.clock.isDone], [2, true]);
});

Deno.test("driveEpochs() stops within an epoch when time runs out, and tells of what there was of it", async () => {
  const counter = new Counter(0, 0, 4);
  const timer = timerFor(counter, 16, (epoch) => epoch === 0 ? 1 : 20);
  const { epochs, written } = await drive(counter, () => false, undefined, timer);
  assertEquals([epochs, written], [[1, 1.25], 2]);
  assertEquals([counter.clock.epochs, counter.clock.epochsDone], [2, 1.25]);
});
