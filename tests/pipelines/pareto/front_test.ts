import { assertEquals, assertThrows } from "@std/assert";
import { findFront, findKnee } from "../../../src/pipelines/pareto/front.ts";

const at = (...pairs: [size: number, accuracy: number][]) => pairs.map(([size, accuracy]) => ({ size, accuracy }));

Deno.test("findFront() leaves out what another point beats, and of equal points all but the first", () => {
  assertEquals(findFront(at([4, 0.9], [1, 0.5], [2, 0.5], [2, 0.7], [3, 0.6], [4, 0.9], [2, 0.7])), [1, 3, 0]);
  assertEquals(findFront(at([7, 0.2])), [0]);
  assertEquals(findFront([]), []);
});

Deno.test("findKnee() is the point farthest above the line between the ends, over logarithmic sizes", () => {
  // A line from (1, 0) to (64, 1) has 1/2 at 8. Points stand 0.3 above it at 4 and 0.4 at 16, beaten ones do not count.
  assertEquals(findKnee(at([1, 0], [4, 0.633], [16, 0.9], [64, 1], [16, 0.2])), 1);
  assertEquals(findKnee(at([1, 0], [4, 0.433], [16, 0.966], [64, 1])), 2);
  // Heights are shares of the range of accuracies, whatever that is.
  assertEquals(findKnee(at([1, 0.9], [4, 0.9633], [16, 0.97], [64, 1])), 1);
});

Deno.test("findKnee() is the most accurate point where a front has no bend upwards, and needs a point", () => {
  assertEquals(findKnee(at([1, 0.1], [2, 0.2])), 1);
  assertEquals(findKnee(at([1, 0], [4, 0.1], [16, 0.2], [64, 1])), 3);
  assertEquals(findKnee(at([1, 0.5], [2, 0.4])), 0);
  assertThrows(() => findKnee([]), RangeError, "no points");
});
