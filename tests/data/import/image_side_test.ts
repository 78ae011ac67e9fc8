import { assertEquals } from "@std/assert";
import { chooseSide, USEFUL_SIDES } from "../../../src/data/import/image_side.ts";

Deno.test("chooseSide() takes the largest useful side that half of the pictures reach, and blows none up", () => {
  const sides: [number[], number, number][] = [
    [[900, 1200, 800], 96, 900],
    [[96, 96, 96], 96, 96],
    [[95, 95, 95], 64, 95],
    [[28, 28], 28, 28],
    [[32, 33], 32, 32],
    // The lower one in the middle of an even number.
    [[64, 96], 64, 64],
    [[1, 64, 64, 5000], 64, 64],
    [[1, 2], 8, 1],
    [[], 32, 0],
  ];
  for (const [shortSides, side, median] of sides) {
    const given = [...shortSides];
    assertEquals(chooseSide(given), { side, median }, String(shortSides));
    assertEquals(given, shortSides);
  }
  assertEquals(USEFUL_SIDES, [...USEFUL_SIDES].sort((a, b) => a - b));
});
