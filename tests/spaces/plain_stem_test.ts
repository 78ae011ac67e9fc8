import { assertEquals } from "@std/assert";
import { CostCounter } from "../../src/network/mod.ts";
import { lowerPlainStem, PLAIN_STEMS } from "../../src/spaces/plain_stem.ts";

Deno.test("lowerPlainStem() halves the image as often as its name says, under the same names", () => {
  const found = PLAIN_STEMS.map((stem) => {
    const counter = new CostCounter({ height: 21, width: 40, channels: 3 });
    const { height, width, channels } = lowerPlainStem(counter, { stem, out: 6 });
    const convolutions = counter.cost().tensors.filter(({ shape }) => shape.length === 4);
    return [height, width, channels, ...convolutions.map(({ name, shape }) => `${name} ${shape}`)];
  });
  assertEquals(found, [
    [21, 40, 6, "stem.0.weight 6,3,3,3"],
    [11, 20, 6, "stem.0.weight 6,3,3,3"],
    [6, 10, 6, "stem.0.weight 3,3,3,3", "stem.3.weight 6,3,3,3"],
  ]);
});
