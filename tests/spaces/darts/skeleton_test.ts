import { assertEquals } from "@std/assert";
import { ProgramBuilder } from "../../../src/engine/mod.ts";
import { type CellShape, makeDartsSpace } from "../../../src/spaces/darts/space.ts";
import { lowerSkeleton } from "../../../src/spaces/darts/skeleton.ts";

Deno.test("lowerSkeleton() lets the first cell halve what the ImageNet stem hands it twice as large", () => {
  const space = makeDartsSpace({ channels: 4, cells: 1, height: 60, width: 52, stem: "imagenet" });
  const builder = new ProgramBuilder({ height: 60, width: 52, channels: 3 });
  lowerSkeleton(builder, {
    space,
    affine: true,
    lowerCell: (_, inputs) => {
      // 60 and 52 halved three times, upwards.
      assertEquals(inputs.map(({ height, width, channels }) => [height, width, channels]), [[8, 7, 8], [8, 7, 8]]);
      return [builder.combine([{ x: inputs[0] }, { x: inputs[1] }])];
    },
  });
  const weights = builder.build(0).parameters.filter(({ shape }) => shape.length === 4);
  assertEquals(weights.map(({ name, shape }) => `${name} ${shape.join("x")}`).slice(3), [
    "cells.0.preprocess0.conv_1.weight 4x4x1x1",
    "cells.0.preprocess0.conv_2.weight 4x4x1x1",
    "cells.0.preprocess1.op.1.weight 8x4x1x1",
  ]);
});

Deno.test("lowerSkeleton() hands every cell its preprocessed inputs, and halves what the cells halve", () => {
  const space = makeDartsSpace({ channels: 4, cells: 6, height: 13, width: 20, inputChannels: 1 });
  const builder = new ProgramBuilder({ height: 13, width: 20, channels: 1 });
  const seen: string[] = [];
  lowerSkeleton(builder, {
    space,
    affine: false,
    lowerCell: (cell: CellShape, [first, second]) => {
      assertEquals([first.height, first.width, first.channels], [second.height, second.width, second.channels]);
      seen.push(`${cell.type} ${first.height}x${first.width}x${first.channels}`);
      const stride = cell.type === "reduce" ? 2 : 1;
      const nodes = [first, second].map((x) => builder.pool(x, { kind: "max", kernel: 3, stride, padding: 1 }));
      return nodes.map((x) => builder.combine([{ x }]));
    },
    afterCell: (cell, output) => seen.push(`after ${cell.index}: ${output.length}`),
  });
  assertEquals(seen.filter((line) => !line.startsWith("after")), [
    "normal 13x20x4",
    "normal 13x20x4",
    "reduce 13x20x8",
    "normal 7x10x8",
    "reduce 7x10x16",
    "normal 4x5x16",
  ]);
  assertEquals(seen.filter((line) => line.startsWith("after")).length, 6);
  const names = builder.build(0).parameters.map(({ name, shape }) => `${name} ${shape.join("x")}`);
  assertEquals(names.slice(0, 5), [
    "stem.0.weight 12x1x3x3",
    "stem.1.weight 12",
    "stem.1.bias 12",
    "cells.0.preprocess0.op.1.weight 4x12x1x1",
    "cells.0.preprocess1.op.1.weight 4x12x1x1",
  ]);
  assertEquals(names.filter((name) => name.includes("conv_1")), [
    "cells.3.preprocess0.conv_1.weight 4x8x1x1",
    "cells.5.preprocess0.conv_1.weight 8x16x1x1",
  ]);
  assertEquals(names.slice(-2), ["classifier.weight 10x32", "classifier.bias 10"]);
});
