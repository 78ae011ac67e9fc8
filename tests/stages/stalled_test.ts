import { assert, assertFalse } from "@std/assert";
import { hasStalled } from "../../src/stages/stalled.ts";

const history = (...accuracies: number[]) => accuracies.map((validAccuracy) => ({ validAccuracy }));

Deno.test("hasStalled() is true once the last epochs are no better than the best before", () => {
  assert(hasStalled(history(0.5, 0.8, 0.79, 0.8005), 2));
});

Deno.test("hasStalled() is false while one of the last epochs was better, and before there are enough", () => {
  assertFalse(hasStalled(history(0.5, 0.8, 0.79, 0.81), 2));
  assertFalse(hasStalled(history(0.5, 0.4), 2));
});

Deno.test("hasStalled() never stops with a patience of 0", () => {
  assertFalse(hasStalled(history(0.5, 0.4, 0.3), 0));
});
