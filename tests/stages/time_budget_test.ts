import { assert, assertEquals, assertThrows } from "@std/assert";
import { type LaterWork, planEpochs, StageTimer, TimeLimitError } from "../../src/stages/time_budget.ts";

const NOTHING: LaterWork = { epochs: 0, secondsPerEpoch: 0, end: 0 };

Deno.test("planEpochs() leaves a plan alone that fits", () => {
  const options = { done: 1, planned: 10, wished: 10, secondsPerEpoch: 5, later: NOTHING };
  assertEquals(planEpochs({ ...options, secondsLeft: 45 }), 10);
  assertEquals(planEpochs({ ...options, secondsLeft: 1e9 }), 10);
});

Deno.test("planEpochs() shortens a stage to what fits, and never below what is done", () => {
  const options = { done: 2, planned: 10, wished: 10, secondsPerEpoch: 5, later: NOTHING };
  assertEquals(planEpochs({ ...options, secondsLeft: 39 }), 9);
  assertEquals(planEpochs({ ...options, secondsLeft: 20 }), 6);
  assertEquals(planEpochs({ ...options, secondsLeft: 4 }), 2);
  assertEquals(planEpochs({ ...options, secondsLeft: -100 }), 2);
});

Deno.test("planEpochs() shortens a stage and the one after it in proportion", () => {
  const later = { epochs: 15, secondsPerEpoch: 2, end: 5 };
  const options = { done: 1, planned: 10, wished: 10, secondsPerEpoch: 5, later };
  // 50 s and 30 s were wanted, half of them are there: 5 s are done.
  assertEquals(planEpochs({ ...options, secondsLeft: 40 }), 5);
  // And so it stays: what was cut before is not cut again.
  assertEquals(planEpochs({ ...options, done: 3, planned: 5, secondsLeft: 30 }), 5);
  // Time for one epoch of what follows is kept, whatever the proportion.
  assertEquals(planEpochs({ ...options, planned: 2, wished: 2, secondsLeft: 11 }), 1);
});

interface Drive {
  limit: number;
  stepSeconds: (epoch: number) => number;
  epochs?: number;
  later?: LaterWork;
  steps?: number;
  startAt?: number;
  from?: { epoch: number; step: number };
}

/** A machine that takes steps, and a clock that goes as fast as it does. */
function drive(options: Drive): { now: number; done: number } {
  const { limit, stepSeconds, epochs = 10, later = NOTHING, steps = 10, startAt = 0, from = { epoch: 0, step: 0 } } =
    options;
  let now = startAt;
  const position = { ...from, stepsPerEpoch: steps };
  const timer = new StageTimer("search", { limit, later }, { now: () => now, position });
  let planned = epochs;
  for (let { epoch, step } = from; epoch < planned; epoch++, step = 0) {
    while (step < steps) {
      now += stepSeconds(epoch);
      if (timer.isOver({ epoch, step: ++step, stepsPerEpoch: steps })) return { now, done: epoch + step / steps };
    }
    planned = timer.plan(epoch + 1, { planned, wished: epochs, stepsPerEpoch: steps });
  }
  return { now, done: planned };
}

Deno.test("StageTimer changes nothing where time suffices", () => {
  assertEquals(drive({ limit: 101, stepSeconds: () => 1 }), { now: 100, done: 10 });
});

Deno.test("StageTimer shortens a stage so that it ends within the limit", () => {
  assertEquals(drive({ limit: 60, stepSeconds: () => 1 }), { now: 60, done: 6 });
  const later = { epochs: 20, secondsPerEpoch: 4, end: 2 };
  assertEquals(drive({ limit: 92, stepSeconds: () => 1, later }), { now: 50, done: 5 });
});

Deno.test("StageTimer counts what was done before the stage, and goes on in the middle of an epoch", () => {
  assertEquals(drive({ limit: 60, stepSeconds: () => 1, startAt: 30 }), { now: 60, done: 3 });
  assertEquals(drive({ limit: 60, stepSeconds: () => 1, startAt: 25, from: { epoch: 2, step: 5 } }).done, 6);
  assertEquals(drive({ limit: 60, stepSeconds: () => 1, startAt: 30, from: { epoch: 2, step: 10 } }).done, 6);
});

Deno.test("StageTimer shortens again when the machine becomes slower, and stops within an epoch if it must", () => {
  const slower = drive({ limit: 60, stepSeconds: (epoch) => epoch < 2 ? 1 : 1.5 });
  assertEquals(slower.done, 4);
  assert(slower.now <= 60, `${slower.now}`);
  const stuck = drive({ limit: 60, stepSeconds: (epoch) => epoch < 2 ? 1 : 20 });
  assert(stuck.done > 2 && stuck.done < 3, `${stuck.done}`);
  assert(stuck.now <= 80, "a step is not interrupted, but none begins after the limit");
});

Deno.test("StageTimer refuses a limit that the least does not fit into, within the first steps, and says what would", () => {
  const later = { epochs: 15, secondsPerEpoch: 4, end: 1 };
  assertThrows(
    () => drive({ limit: 10, stepSeconds: () => 2, later }),
    TimeLimitError,
    "Cannot finish within 10 s: an epoch of the search takes about 23 s and one of the training after it about 4 s, " +
      "expected a time limit of at least 28 s",
  );
  // What it proposes is enough.
  assertEquals(drive({ limit: 28, stepSeconds: () => 2, later }).done, 1);
  assertThrows(() => drive({ limit: 1, stepSeconds: () => 2, steps: 1 }), TimeLimitError, "at least 3 s");
});
