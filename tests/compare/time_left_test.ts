import { assertEquals } from "@std/assert";
import { estimateSecondsLeft } from "../../src/compare/time_left.ts";

const run = (target: string, arm: string, seconds = 0) => ({ target, arm, seconds });

Deno.test("estimateSecondsLeft() goes by the same arm and target, then by the arm, then by all", () => {
  assertEquals(estimateSecondsLeft([], [run("a", "scratch")]), undefined);
  const finished = [run("a", "scratch", 100), run("a", "scratch", 120), run("a", "head", 10), run("b", "head", 20)];
  assertEquals(estimateSecondsLeft(finished, [run("a", "scratch")]), 110);
  assertEquals(estimateSecondsLeft(finished, [run("b", "head"), run("a", "head")]), 30);
  // Runs on b take twice as long as those of the same arm elsewhere.
  assertEquals(estimateSecondsLeft(finished, [run("b", "scratch")]), 220);
  assertEquals(estimateSecondsLeft(finished, [run("c", "other")]), 62.5);
  assertEquals(estimateSecondsLeft(finished, []), 0);
});
