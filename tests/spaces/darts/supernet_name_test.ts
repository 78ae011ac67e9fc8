import { assertEquals, assertThrows } from "@std/assert";
import { costOfDerivedNetwork, costOfSupernet } from "../../../src/spaces/mod.ts";
import { randomGenotype } from "../../../src/spaces/darts/genotype.ts";
import { makeDartsSpace } from "../../../src/spaces/darts/space.ts";
import { supernetName } from "../../../src/spaces/darts/supernet_name.ts";

const SPACE = makeDartsSpace({ channels: 4, cells: 3, classes: 5, height: 16, width: 16 });

Deno.test("supernetName() finds edge and operation of a gene", () => {
  const genotype = {
    ...randomGenotype(0),
    normal: [
      ["skip_connect", 0],
      ["max_pool_3x3", 1],
      ["sep_conv_5x5", 2],
      ["sep_conv_3x3", 0],
      ["dil_conv_3x3", 3],
      ["dil_conv_5x5", 1],
      ["sep_conv_3x3", 4],
      ["sep_conv_3x3", 0],
    ],
  } as const;
  const found = (name: string) => supernetName(name, genotype, SPACE);
  assertEquals(found("cells.0._ops.2.op.1.weight"), "cells.0._ops.4._ops.5.op.1.weight");
  assertEquals(found("cells.0._ops.3.op.7.running_var"), "cells.0._ops.2._ops.4.op.7.running_var");
  assertEquals(found("cells.0._ops.4.op.2.weight"), "cells.0._ops.8._ops.6.op.2.weight");
  assertEquals(found("cells.0._ops.6.op.6.weight"), "cells.0._ops.13._ops.4.op.6.weight");
  assertEquals(found("cells.2.preprocess0.conv_1.weight"), "cells.2.preprocess0.conv_1.weight");
  assertEquals(found("stem.1.bias"), "stem.1.bias");
  assertEquals(found("auxiliary_head.features.2.weight"), undefined);
});

Deno.test("supernetName() maps every convolution of random architectures to a supernet tensor of the same shape", () => {
  const shapes = new Map(costOfSupernet(SPACE).tensors.map(({ name, shape }) => [name, shape]));
  let count = 0;
  for (let seed = 0; seed < 20; seed++) {
    const genotype = randomGenotype(seed);
    for (const { name, shape } of costOfDerivedNetwork({ space: SPACE, genotype }).tensors) {
      if (shape.length === 1 && name.startsWith("cells.")) continue;
      assertEquals(shapes.get(supernetName(name, genotype, SPACE)!), shape, name);
      count++;
    }
  }
  assertEquals(count > 500, true);
});

Deno.test("supernetName() refuses an operation that the genotype does not have", () => {
  assertThrows(
    () => supernetName("cells.0._ops.9.op.1.weight", randomGenotype(0), SPACE),
    RangeError,
    "no such operation",
  );
  assertThrows(
    () => supernetName("cells.7._ops.0.op.1.weight", randomGenotype(0), SPACE),
    RangeError,
    "no such operation",
  );
});
