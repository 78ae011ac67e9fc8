import { assertAlmostEquals, assertEquals } from "@std/assert";
import { frameStrokes } from "../../page/stroke_frame.ts";

Deno.test("the frame is a square around all strokes, their width and a margin included", () => {
  const { left, top, side } = frameStrokes([[[0.2, 0.5], [0.6, 0.5]], [[0.4, 0.4]]], 0.07);
  assertAlmostEquals(side, 0.5);
  assertAlmostEquals(left, 0.15);
  assertAlmostEquals(top, 0.2);
});

Deno.test("a dot fills its frame", () => {
  const { side } = frameStrokes([[[0.5, 0.5]]], 0.47);
  assertEquals(Number(side.toFixed(6)), 0.5);
});
