import { assertEquals } from "@std/assert";
import { driveEpochs, type EpochMachine } from "../../src/pipelines/epochs.ts";
import { Session } from "../../src/pipelines/session.ts";
import type { EpochRecord, PipelineEvent } from "../../src/pipelines/types.ts";

/** Counts to two steps an epoch. */
class Counter implements EpochMachine<number> {
  readonly stepsPerEpoch = 2;
  constructor(public epoch: number, public step: number) {}
  get isEpochOver() {
    return this.step >= 2;
  }
  get isDone() {
    return this.epoch >= 4;
  }
  takeStep() {
    return { loss: this.step++ };
  }
  finishEpoch() {
    this.step = 0;
    return this.epoch++;
  }
}

/** Drives a counter; returns the epochs recorded, the kinds of events, and the lines of the run's history. */
async function drive(counter: Counter, hasSettled: (history: readonly EpochRecord[]) => boolean) {
  const out = await Deno.makeTempDir();
  try {
    const events: PipelineEvent[] = [];
    const options = { command: "count", out, configuration: {}, build: "strict", threads: 1 } as const;
    await using session = await Session.start({ ...options, onEvent: (event) => void events.push(event) });
    const history: EpochRecord[] = [];
    await driveEpochs(session, counter, {
      stage: "count",
      epochs: 4,
      history,
      hasSettled,
      describe: (epoch, seconds) => ({ epoch: epoch + 1, seconds, trainLoss: 0, trainAccuracy: 0 }),
      snapshot: () => ({
        tensors: new Map(),
        progress: { stage: "count", fingerprint: "", state: null, before: null },
      }),
    });
    const written = await session.run.events();
    return {
      epochs: history.map(({ epoch }) => epoch),
      types: events.map(({ type }) => type),
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

Deno.test("driveEpochs() stops when the history has settled", async () => {
  assertEquals((await drive(new Counter(0, 0), ({ length }) => length === 2)).epochs, [1, 2]);
});
