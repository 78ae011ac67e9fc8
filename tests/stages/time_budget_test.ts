import { assert, assertEquals, assertThrows } from "@std/assert";
import { type LaterWork, planEpochs, StageTimer, TimeLimitError } from "../../src/stages/time_budget.ts";

const NOTHING: LaterWork = { epochs: 0, secondsPerEpoch: 0, end: 0 };

Deno.test("planEpochs() leaves a plan alone that fits", () => {
  const options = { done: 1, planned: 10, wished: 10, secondsDone: 5, secondsPerEpoch: 5, later: NOTHING };
  assertEquals(planEpochs({ ...options, secondsLeft: 45 }), 10);
  assertEquals(planEpochs({ ...options, secondsLeft: 1e9 }), 10);
});

Deno.test("planEpochs() shortens a stage to what fits, and never below what is done", () => {
  const options = { done: 2, planned: 10, wished: 10, secondsDone: 10, secondsPerEpoch: 5, later: NOTHING };
  assertEquals(planEpochs({ ...options, secondsLeft: 39 }), 9);
  assertEquals(planEpochs({ ...options, secondsLeft: 20 }), 6);
  assertEquals(planEpochs({ ...options, secondsLeft: 4 }), 2);
  assertEquals(planEpochs({ ...options, secondsLeft: -100 }), 2);
});

Deno.test("planEpochs() shortens a stage and the one after it in proportion", () => {
  const later = { epochs: 15, secondsPerEpoch: 2, end: 5 };
  // 50 s and 30 s were wanted, half of them are there: 5 s are done.
  assertEquals(
    planEpochs({ done: 1, planned: 10, wished: 10, secondsDone: 5, secondsLeft: 40, secondsPerEpoch: 5, later }),
    5,
  );
  // Time for one epoch of what follows is kept, whatever the proportion.
  assertEquals(
    planEpochs({ done: 1, planned: 2, wished: 2, secondsDone: 5, secondsLeft: 11, secondsPerEpoch: 5, later }),
    1,
  );
});

/** A machine that takes steps, and a clock that goes as fast as it does. */
function drive(
  { limit, stepSeconds, epochs, later = NOTHING, steps = 10, startAt = 0 }: {
    limit: number;
    stepSeconds: (epoch: number) => number;
    epochs: number;
    later?: LaterWork;
    steps?: number;
    startAt?: number;
  },
): { now: number; done: number; planned: number } {
  let now = startAt;
  const timer = new StageTimer(limit, { seconds: () => now, stage: { stage: "search", epochs }, later });
  let planned = epochs;
  for (let epoch = 0; epoch < planned; epoch++) {
    for (let step = 1; step <= steps; step++) {
      now += stepSeconds(epoch);
      if (timer.isOver({ epoch, step, stepsPerEpoch: steps })) return { now, done: epoch + step / steps, planned };
    }
    planned = timer.plan(epoch + 1, planned);
  }
  return { now, done: planned, planned };
}

Deno.test("StageTimer changes nothing where time suffices", () => {
  assertEquals(drive({ limit: 101, stepSeconds: () => 1, epochs: 10 }), { now: 100, done: 10, planned: 10 });
});

Deno.test("StageTimer shortens a stage so that it ends within the limit", () => {
  const { now, done, planned } = drive({ limit: 60, stepSeconds: () => 1, epochs: 10 });
  assertEquals([now, done, planned], [60, 6, 6]);
  const later = { epochs: 20, secondsPerEpoch: 4, end: 2 };
  const shared = drive({ limit: 92, stepSeconds: () => 1, epochs: 10, later });
  assertEquals([shared.now, shared.done], [50, 5]);
});

Deno.test("StageTimer counts what was done before the stage", () => {
  assertEquals(drive({ limit: 60, stepSeconds: () => 1, epochs: 10, startAt: 30 }).now, 60);
});

Deno.test("StageTimer shortens again when the machine becomes slower, and stops within an epoch if it must", () => {
  const slower = drive({ limit: 60, stepSeconds: (epoch) => epoch < 2 ? 1 : 1.5, epochs: 10 });
  assertEquals(slower.done, 4);
  assert(slower.now <= 60, `${slower.now}`);
  const stuck = drive({ limit: 60, stepSeconds: (epoch) => epoch < 2 ? 1 : 20, epochs: 10 });
  assert(stuck.done > 2 && stuck.done < 3, `${stuck.done}`);
  assert(stuck.now <= 80, "a step is not interrupted, but none begins after the limit");
});

Deno.test("StageTimer refuses a limit that the least does not fit into, within the first steps, and says what would", () => {
  const error = assertThrows(
    () => drive({ limit: 10, stepSeconds: () => 2, epochs: 10, later: { epochs: 15, secondsPerEpoch: 4, end: 1 } }),
    TimeLimitError,
  );
  assertEquals(
    error.message,
    "Cannot finish within 10 s: an epoch of the search takes about 23 s and one of what follows about 4 s, " +
      "expected a time limit of at least 28 s",
  );
  // The proposal is enough.
  const later = { epochs: 15, secondsPerEpoch: 4, end: 1 };
  assertEquals(drive({ limit: 28, stepSeconds: () => 2, epochs: 10, later }).done, 1);
  assertThrows(() => drive({ limit: 1, stepSeconds: () => 2, epochs: 10, steps: 1 }), TimeLimitError);
});
