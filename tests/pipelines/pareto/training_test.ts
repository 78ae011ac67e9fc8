import { assertEquals, assertThrows } from "@std/assert";
import { checkTrained, pointsToTrain } from "../../../src/pipelines/pareto/training.ts";

Deno.test("pointsToTrain() knows words and numbers, each point once", () => {
  const points = (...train: string[]) => pointsToTrain({ train }, 4, 2);
  assertEquals(points("none"), []);
  assertEquals(points("knee"), [2]);
  assertEquals(points("all"), [0, 1, 2, 3]);
  assertEquals(points("4", "knee", "1", "3"), [0, 2, 3]);
  assertThrows(() => points("5"), RangeError, "point 5: found 4 points");
});

Deno.test("checkTrained() refuses what can be no point, before there are any", () => {
  for (const train of [["none"], ["knee", "7"], ["all"]]) checkTrained({ train });
  for (const wish of ["0", "best", "1.5", "-1"]) {
    assertThrows(() => checkTrained({ train: ["knee", wish] }), RangeError, `Cannot train ${wish}`);
  }
  assertThrows(() => checkTrained({ train: ["none", "2"] }), RangeError, "none alone");
});
