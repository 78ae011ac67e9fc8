import { assertEquals } from "@std/assert";
import { outcomeOf, progressOf } from "../../src/sweep/outcome.ts";

Deno.test("figures of a result are kept, nothing else, and none of another kind of result", () => {
  assertEquals(outcomeOf({ testAccuracy: 0.5, seconds: 3, curve: [] }), { testAccuracy: 0.5, seconds: 3 });
  assertEquals(outcomeOf({ testAccuracy: "high" }), {});
  assertEquals(outcomeOf(undefined), {});
});

Deno.test("a history tells how far a run is, and what it had reached when it was looked at", () => {
  const epoch = (stage: string, epoch: number, validAccuracy: number) => ({
    type: "epoch",
    stage,
    epoch,
    validAccuracy,
    seconds: epoch,
  });
  const events = [epoch("search", 0, 0.1), epoch("search", 1, 0.3), epoch("search", 3, 0.4), epoch("training", 1, 0.6)];
  const halving = { metric: "validAccuracy", from: 1, factor: 2 };
  assertEquals(progressOf([]), {
    stage: "start",
    epoch: 0,
    validAccuracy: undefined,
    seconds: 0,
    curve: [],
    looks: undefined,
  });
  const { stage, curve, looks } = progressOf(events, halving);
  assertEquals([stage, curve, looks], ["training", [[1, 0.6]], { 1: 0.3, 2: 0.4 }]);
  const long = progressOf(Array.from({ length: 950 }, (_, i) => epoch("search", i + 1, 0.5)));
  assertEquals([long.curve.length, long.curve.at(-1)![0]], [95, 950]);
});
