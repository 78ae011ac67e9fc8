import { assertEquals } from "@std/assert";
import { drawByWeight } from "../../src/spaces/draw_by_weight.ts";

Deno.test("drawByWeight() divides the unit by the weights, and never draws a weight of 0", () => {
  const draw = (weights: number[], share: number) => drawByWeight(Float32Array.from(weights), (below) => share * below);
  const shares = [0, 0.24, 0.26, 0.74, 0.76, 0.999];
  assertEquals(shares.map((share) => draw([0, 1, 0, 2, 1, 0], share)), [1, 1, 3, 3, 4, 4]);
  assertEquals([draw([0, 0], 0.5), draw([0, 3, 0], 1)], [0, 1]);
});
