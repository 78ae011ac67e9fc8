import { assertEquals, assertThrows } from "@std/assert";
import { EpochClock } from "../../src/search/mod.ts";

const start = () => new EpochClock({ purpose: "training", epochs: 2, stepsPerEpoch: 4, batchesTracked: 7 });
const RESULT = { loss: 0.5, correct: 3, count: 8 };

Deno.test("EpochClock counts steps, epochs and passes, and adds up what an epoch's batches gave", () => {
  const clock = start();
  for (const loss of [1, 2, 3]) clock.countStep({ ...RESULT, loss });
  clock.countPasses(3);
  assertEquals([clock.epoch, clock.step, clock.stepsDone, clock.epochsDone], [0, 3, 3, 0.75]);
  assertEquals([clock.batchesTracked, clock.isEpochOver], [10, false]);
  assertEquals(clock.train, { loss: 2, accuracy: 3 / 8, count: 24 });
  clock.countStep(RESULT);
  assertEquals([clock.isEpochOver, clock.isDone], [true, false]);
  assertEquals(clock.finishEpoch(() => clock.train.count), 32);
  assertEquals([clock.epoch, clock.step, clock.stepsDone, clock.train.count], [1, 0, 4, 0]);
  for (let step = 0; step < 4; step++) clock.countStep(RESULT);
  clock.finishEpoch(() => {});
  assertEquals([clock.isDone, clock.epochsDone], [true, 2]);
});

Deno.test("EpochClock refuses steps out of turn, and losses that are not finite", () => {
  const clock = start();
  clock.checkStep();
  assertThrows(() => clock.finishEpoch(() => {}), RangeError, "Cannot finish epoch 0: 0 steps are done, expected 4");
  for (let step = 0; step < 4; step++) clock.countStep(RESULT);
  assertThrows(() => clock.checkStep(), RangeError, "Cannot take step 4: epoch 0 has 4 steps");
  clock.checkLoss(1e30);
  const message = "Cannot go on with training: loss is Infinity in epoch 0, step 4, expected a finite number";
  assertThrows(() => clock.checkLoss(Infinity), RangeError, message);
});

Deno.test("EpochClock stays in an epoch whose end fails", () => {
  const clock = start();
  for (let step = 0; step < 4; step++) clock.countStep(RESULT);
  const fail = () => {
    throw new RangeError("no");
  };
  assertThrows(() => clock.finishEpoch(fail), RangeError, "no");
  assertEquals([clock.epoch, clock.isEpochOver, clock.train.count], [0, true, 32]);
});

Deno.test("EpochClock goes on from where another one stood, through JSON, and not from behind its end", () => {
  const clock = start();
  clock.countStep({ ...RESULT, loss: 0.1 + 0.2 });
  const [state, later] = [clock.state(), start()];
  later.restore(JSON.parse(JSON.stringify(state)));
  assertEquals([later.state(), later.train], [state, clock.train]);
  assertThrows(
    () => later.restore({ ...state, epoch: 3 }),
    RangeError,
    "stopped in epoch 3, step 1, expected at most 2",
  );
  assertThrows(() => later.restore({ ...state, step: 5 }), RangeError, "stopped in epoch 0, step 5");
});

Deno.test("EpochClock leaves out epochs at the end, none that is done or under way", () => {
  const clock = start();
  clock.countStep(RESULT);
  assertThrows(() => clock.shorten(0), RangeError, "Cannot shorten training to 0 epochs: expected 0.25 to 2");
  assertThrows(() => clock.shorten(3), RangeError, "expected 0.25 to 2");
  clock.shorten(1);
  for (let step = 1; step < 4; step++) clock.countStep(RESULT);
  clock.finishEpoch(() => {});
  assertEquals([clock.isDone, clock.epochs, clock.epochsPlanned], [true, 1, 2]);
});
