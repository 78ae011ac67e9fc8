import { assertEquals, assertThrows } from "@std/assert";
import { ProgramBuilder } from "../../../src/engine/mod.ts";
import { lowerAuxiliaryHead } from "../../../src/spaces/darts/auxiliary_head.ts";

function namesAt(height: number, { width = height, isImagenet = false } = {}): string[] {
  const builder = new ProgramBuilder({ height, width, channels: 1 });
  const stem = { out: 5, kernel: 3, stride: 1, padding: 1, relu: false, weight: "stem" };
  const x = builder.convolution(builder.image, stem);
  lowerAuxiliaryHead(builder, [x, x], { classes: 7, lossWeight: 0.4, isImagenet });
  return builder.build(0).parameters.slice(1).map(({ name, shape }) => `${name.slice(15)} ${shape.join("x")}`);
}

Deno.test("lowerAuxiliaryHead() names its tensors as the reference does, whatever the size", () => {
  let count = 0;
  for (let size = 2; size <= 17; size++) {
    assertEquals(namesAt(size), [
      "features.2.weight 128x10x1x1",
      "features.3.weight 128",
      "features.3.bias 128",
      "features.5.weight 768x128x2x2",
      "features.6.weight 768",
      "features.6.bias 768",
      "classifier.weight 7x768",
      "classifier.bias 7",
    ]);
    count++;
  }
  assertEquals(count, 16);
  assertEquals(namesAt(8, { width: 11 }).length, 8);
  assertEquals(namesAt(7, { isImagenet: true }), namesAt(7).filter((name) => !name.startsWith("features.6")));
});

Deno.test("lowerAuxiliaryHead() refuses a single pixel", () => {
  assertThrows(() => namesAt(1), RangeError, "its input is 1 pixel wide, expected at least 2: leave the head out");
});
