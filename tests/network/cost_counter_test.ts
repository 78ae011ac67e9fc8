import { assert, assertEquals, assertThrows } from "@std/assert";
import { costOfDerivedNetwork, costOfSupernet } from "../../src/spaces/mod.ts";
import type { DartsGenotype } from "../../src/spaces/darts/genotype.ts";
import { makeDartsSpace } from "../../src/spaces/darts/space.ts";
import { DARTS_V2 } from "../../bench/genotypes.ts";

Deno.test("costOfSupernet() counts the published 1,930,618 parameters of the search on CIFAR-10", () => {
  assertEquals(costOfSupernet(makeDartsSpace()).parameters, 1_930_618);
});

Deno.test("costOfDerivedNetwork() counts the published 3,349,342 parameters of DARTS_V2", () => {
  const space = makeDartsSpace({ channels: 36, cells: 20 });
  const cost = costOfDerivedNetwork({ space, genotype: DARTS_V2, auxiliaryWeight: 0.4 });
  assertEquals(cost.parameters, 3_349_342);
  // 576 · 128 + 2 · 128 + 768 · 128 · 4 + 2 · 768 + 768 · 10 + 10
  assertEquals(cost.auxiliaryParameters, 476_426);
});

Deno.test("costOfDerivedNetwork() counts the published 4.7 million parameters of DARTS_V2 on ImageNet", () => {
  const image = { classes: 1000, height: 224, width: 224, stem: "imagenet" } as const;
  const space = makeDartsSpace({ channels: 48, cells: 14, ...image });
  const cost = costOfDerivedNetwork({ space, genotype: DARTS_V2, auxiliaryWeight: 0.4 });
  // The reference network in PyTorch holds and does as much: convolutions and classifier (check_reference.py).
  assertEquals([cost.parameters, cost.auxiliaryParameters, cost.multiplyAdds], [4_718_752, 1_260_776, 529_911_552]);
});

Deno.test("costOfSupernet() names the tensors as the reference's state dict", () => {
  const shapes = new Map(costOfSupernet(makeDartsSpace()).tensors.map(({ name, shape }) => [name, shape]));
  const expected: [string, number[]][] = [
    ["stem.0.weight", [48, 3, 3, 3]],
    ["stem.1.weight", [48]],
    ["stem.1.bias", [48]],
    ["cells.0.preprocess0.op.1.weight", [16, 48, 1, 1]],
    ["cells.1.preprocess1.op.1.weight", [16, 64, 1, 1]],
    ["cells.0._ops.3._ops.4.op.1.weight", [16, 1, 3, 3]],
    ["cells.0._ops.3._ops.4.op.2.weight", [16, 16, 1, 1]],
    ["cells.0._ops.3._ops.5.op.5.weight", [16, 1, 5, 5]],
    ["cells.0._ops.13._ops.5.op.6.weight", [16, 16, 1, 1]],
    ["cells.2._ops.0._ops.3.conv_1.weight", [16, 32, 1, 1]],
    ["cells.2._ops.0._ops.3.conv_2.weight", [16, 32, 1, 1]],
    ["cells.3.preprocess0.conv_1.weight", [16, 64, 1, 1]],
    ["cells.7._ops.0._ops.7.op.1.weight", [64, 1, 5, 5]],
    ["classifier.weight", [10, 256]],
    ["classifier.bias", [10]],
  ];
  for (const [name, shape] of expected) assertEquals(shapes.get(name), shape, name);
  for (const absent of ["cells.0._ops.0._ops.3.conv_1.weight", "cells.0._ops.3._ops.4.op.3.weight"]) {
    assert(!shapes.has(absent), absent);
  }
  // Stem 3, eight cells of two preprocessings (a third convolution after each reduction), 14 edges with 12 convolutions,
  // two of them factorised on the eight edges of a reduction that read its inputs, classifier 2.
  assertEquals(shapes.size, 3 + 8 * 2 + 2 + 8 * 14 * 12 + 2 * 8 * 2 + 2);
});

Deno.test("costOfDerivedNetwork() names the tensors as the reference's state dict", () => {
  const space = makeDartsSpace({ channels: 4, cells: 3, classes: 7, inputChannels: 1, height: 28, width: 28 });
  const { tensors } = costOfDerivedNetwork({ space, genotype: DARTS_V2, auxiliaryWeight: 0.4 });
  const shapes = new Map(tensors.map(({ name, shape }) => [name, shape]));
  const expected: [string, number[]][] = [
    ["stem.0.weight", [12, 1, 3, 3]],
    ["cells.0.preprocess1.op.2.bias", [4]],
    ["cells.0._ops.0.op.1.weight", [4, 1, 3, 3]],
    ["cells.0._ops.0.op.7.weight", [4]],
    ["cells.0._ops.7.op.3.bias", [4]],
    ["cells.2.preprocess0.bn.weight", [16]],
    ["auxiliary_head.features.2.weight", [128, 64, 1, 1]],
    ["auxiliary_head.features.3.weight", [128]],
    ["auxiliary_head.features.5.weight", [768, 128, 2, 2]],
    ["auxiliary_head.features.6.bias", [768]],
    ["auxiliary_head.classifier.weight", [7, 768]],
    ["classifier.weight", [7, 64]],
  ];
  for (const [name, shape] of expected) assertEquals(shapes.get(name), shape, name);
  for (const absent of ["cells.0._ops.5.op.1.weight", "cells.1._ops.0.op.1.weight"]) {
    assert(!shapes.has(absent), absent);
  }
});

Deno.test("costOfSupernet() counts multiply-adds of a network small enough to do by hand", () => {
  // One reduction cell with one node on a 4×4 image: stem 3 channels, cell 2 channels, 2×2 pixels after it.
  const space = makeDartsSpace({ nodes: 1, cells: 1, channels: 1, classes: 2, inputChannels: 1, height: 4, width: 4 });
  const stem = 16 * 27;
  const preprocess = 2 * 16 * (3 * 2);
  const separable = (k: number) => 2 * 4 * (2 * k * k + 4);
  const dilated = (k: number) => 4 * (2 * k * k + 4);
  const edge = 4 * 4 + separable(3) + separable(5) + dilated(3) + dilated(5);
  assertEquals(costOfSupernet(space).multiplyAdds, stem + preprocess + 2 * edge + 2 * 2);
});

Deno.test("costOfDerivedNetwork() follows concatenations of fewer nodes", () => {
  const space = makeDartsSpace({ channels: 4, cells: 3 });
  const genotype: DartsGenotype = { ...DARTS_V2, reduce_concat: [3, 4, 5] };
  const shapes = new Map(costOfDerivedNetwork({ space, genotype }).tensors.map(({ name, shape }) => [name, shape]));
  assertEquals(shapes.get("cells.2.preprocess1.op.1.weight"), [16, 24, 1, 1]);
  assertEquals(shapes.get("cells.2.preprocess0.conv_1.weight"), [8, 16, 1, 1]);
  assertEquals(shapes.get("classifier.weight"), [10, 48]);
});

Deno.test("costOfDerivedNetwork() refuses an architecture of another number of nodes, and an image too small for its head", () => {
  assertThrows(
    () => costOfDerivedNetwork({ space: makeDartsSpace({ nodes: 3 }), genotype: DARTS_V2 }),
    RangeError,
    "genotype has 4 nodes a cell, expected 3",
  );
  const space = makeDartsSpace({ height: 4, width: 4 });
  assertThrows(
    () => costOfDerivedNetwork({ space, genotype: DARTS_V2, auxiliaryWeight: 0.4 }),
    RangeError,
    "its input is 1 pixel wide, expected at least 2",
  );
  assert(costOfDerivedNetwork({ space, genotype: DARTS_V2 }).parameters > 0);
});
