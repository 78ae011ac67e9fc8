import { assert, assertEquals, assertMatch } from "@std/assert";
import { createProgress, describeUpdate, drawBar, fractionOf } from "../../src/text/progress.ts";

const UPDATE = { stage: "search", epoch: 2, epochs: 4, step: 5, steps: 10, loss: 1.23456, accuracy: 0.5 };

function record(isTerminal: boolean, columns = 120) {
  const written: string[] = [];
  const clock = { now: 0 };
  const progress = createProgress({
    isTerminal,
    write: (text) => written.push(text),
    now: () => clock.now,
    columns: () => columns,
  });
  return { progress, written, clock };
}

Deno.test("fractionOf() counts whole epochs and steps, within 0 and 1", () => {
  assertEquals(fractionOf(UPDATE), 0.375);
  assertEquals(fractionOf({ ...UPDATE, epoch: 1, step: 0 }), 0);
  assertEquals(fractionOf({ ...UPDATE, epoch: 4, step: 10 }), 1);
  assertEquals(fractionOf({ ...UPDATE, epoch: 9 }), 1);
  assertEquals(fractionOf({ ...UPDATE, steps: 0 }), 0.25);
  assertEquals(fractionOf({ ...UPDATE, epochs: 0, step: 0, epoch: 1 }), 0);
});

Deno.test("describeUpdate() names what is known", () => {
  assertEquals(describeUpdate(UPDATE), "search epoch 2/4, step  5/10, loss 1.235, accuracy 50.0 %");
  assertEquals(describeUpdate({ stage: "x", epoch: 1, epochs: 1, step: 1, steps: 1 }), "x epoch 1/1, step 1/1");
});

Deno.test("drawBar() always has the same width", () => {
  assertEquals(drawBar(0), "░".repeat(20));
  assertEquals(drawBar(1), "█".repeat(20));
  for (let i = 0; i <= 200; i++) assertEquals(drawBar(i / 200).length, 20);
});

Deno.test("createProgress() on a terminal rewrites one line, ten times a second at most", () => {
  const { progress, written, clock } = record(true);
  for (let step = 0; step <= 10; step++) {
    progress.update({ ...UPDATE, step });
    clock.now += 50;
  }
  assertEquals(written.length, 6);
  for (const text of written) {
    assert(text.startsWith("\r\x1b[K"));
    assert(!text.includes("\n"));
  }
  progress.line("epoch done");
  assertEquals(written.slice(6), ["\r\x1b[K", "epoch done\n"]);
  progress.done();
  assertEquals(written.length, 8);
});

Deno.test("createProgress() cuts the live line to the width of the terminal", () => {
  const { progress, written } = record(true, 30);
  progress.update(UPDATE);
  assertEquals(written[0]!.replace("\r\x1b[K", "").length, 29);
});

Deno.test("createProgress() estimates the time left from where the stage was first seen", () => {
  const { progress, written, clock } = record(true);
  progress.update({ ...UPDATE, epoch: 3, step: 0 });
  clock.now = 60_000;
  progress.update({ ...UPDATE, epoch: 3, step: 5 });
  assertMatch(written[1]!, /, 3 min 00 s left$/);
  // Another stage starts its own clock.
  progress.update({ ...UPDATE, stage: "train", epoch: 1, step: 0 });
  clock.now += 1000;
  progress.update({ ...UPDATE, stage: "train", epoch: 1, step: 10 });
  assertMatch(written.at(-1)!, /train.*, 3 s left$/);
});

Deno.test("createProgress() counts down by one clock, which neither jumps to and fro nor stands at 0", () => {
  const { progress, written, clock } = record(true);
  const left = () => /, ([^,]*)$/.exec(written.at(-1)!)![1]!;
  const go = (step: number, now: number) => {
    clock.now = now;
    progress.update({ stage: "train", epoch: 1, epochs: 1, step, steps: 100 });
    return left();
  };
  assertEquals(go(0, 0), "estimating the time left");
  assertEquals(go(10, 10_000), "1 min 30 s left");
  // Somewhat slower than before: the clock waits. Much slower: it says so.
  assertEquals(go(11, 12_000), "1 min 30 s left");
  assertEquals(go(20, 20_000), "1 min 20 s left");
  assertEquals(go(21, 40_000), "2 min 30 s left");
  assertEquals(go(99, 100_000), "1 s left");
  assertEquals(go(99.9, 100_900), "1 s left");
  // The validation after the last step may take minutes.
  assertEquals(go(100, 101_000), "finishing");
});

Deno.test("createProgress() passes on nothing that commands a terminal", () => {
  const { progress, written } = record(true);
  progress.line("class \x1b]0;owned\x07 of \x9b2J\x7f \u202efdp.exe\nnext");
  assertEquals(written, ["class \ufffd]0;owned\ufffd of \ufffd2J\ufffd \ufffdfdp.exe\nnext\n"]);
  progress.update({ ...UPDATE, stage: "a\x1b[2Jb" });
  assert(written.at(-1)!.includes("a\ufffd[2Jb"));
});

Deno.test("createProgress() elsewhere writes plain lines twice a minute", () => {
  const { progress, written, clock } = record(false);
  for (let step = 0; step <= 10; step++) {
    progress.update({ ...UPDATE, step });
    clock.now += 10_000;
  }
  progress.line("epoch done");
  progress.done();
  assertEquals(written.length, 4);
  for (const text of written) {
    assert(text.endsWith("\n"));
    assert(!text.includes("\r") && !text.includes("\x1b"));
  }
  assertMatch(written[0]!, /^search epoch 2\/4, step {2}3\/10, .*, 4 min 30 s left\n$/);
});

Deno.test("createProgress() counts things with their speed and the time left", () => {
  const { progress, written, clock } = record(true);
  const update = { stage: "importing photos.zip", total: 1200, unit: "images" };
  progress.update({ ...update, done: 0 });
  clock.now = 2000;
  progress.update({ ...update, done: 420 });
  assertEquals(written.map((text) => text.replace("\r\x1b[K", "")), [
    `importing photos.zip ${"░".repeat(20)} 0/1,200`,
    `importing photos.zip ${"█".repeat(7)}${"░".repeat(13)} 420/1,200, 210 images/s, 4 s left`,
  ]);
  clock.now = 4000;
  progress.update({ ...update, done: 1200 });
  assertMatch(written.at(-1)!, /1,200\/1,200, 300 images\/s, 0 s left$/);
  const plain = record(false);
  plain.progress.update({ ...update, done: 100 });
  plain.clock.now = 40_000;
  plain.progress.update({ ...update, done: 300 });
  assertEquals(plain.written, ["importing photos.zip 300/1,200, 5.0 images/s, 3 min 00 s left\n"]);
  assertEquals([fractionOf({ ...update, done: 300 }), fractionOf({ ...update, done: 0, total: 0 })], [0.25, 0]);
});

Deno.test("createProgress() shows nothing when quiet", () => {
  const written: string[] = [];
  const progress = createProgress({ quiet: true, write: (text) => written.push(text) });
  progress.update(UPDATE);
  progress.line("x");
  progress.done();
  assertEquals(written, []);
});
