import { makeSpace, parseGenotype, randomGenotype, registerSpace, type SpaceKind } from "../../../src/spaces/mod.ts";
import type { Model } from "../../../src/zoo/mod.ts";
import { LADDER } from "../../spaces/_ladder.ts";
import { randomModel } from "../_networks.ts";

/** A toy whose network has what none of DARTS' has: a normalisation behind a pooling, and convolutions without one. */
const ODD: SpaceKind = {
  ...LADDER as unknown as SpaceKind,
  name: "odd",
  lowerDerivedNetwork(builder, { space: { classes } }) {
    const conv = { kernel: 3, stride: 1, padding: 1, relu: false };
    const plain = builder.convolution(builder.image, { ...conv, out: 4, weight: "a.weight" });
    const bare = builder.normalise(
      builder.convolution(plain, { ...conv, stride: 2, relu: true, out: 6, weight: "b.weight" }),
      { names: ["b.norm"], affine: false },
    );
    const pooled = builder.pool(bare, { kind: "average", kernel: 2, stride: 1, padding: 0, relu: true });
    builder.normalise(pooled, { names: ["c"], affine: true });
    const sum = builder.combine([{ x: pooled }, { x: pooled }, { x: pooled }]);
    const rectified = builder.pool(sum, { kind: "max", kernel: 1, stride: 1, padding: 0, relu: true });
    const wide = builder.pointwise([rectified, sum], { out: 5, relu: false, weight: "e.weight" });
    const features = builder.globalAveragePool([wide, sum]);
    builder.classifier(features, { weight: "classifier.weight", bias: "classifier.bias", classes });
  },
};

registerSpace(LADDER);
registerSpace(ODD);

/** Every operation of DARTS, in cells of both kinds and from states of both sizes; nodes that skip twice, and that have one term. */
const EVERYTHING = JSON.stringify({
  normal: [
    ["sep_conv_3x3", 0],
    ["max_pool_3x3", 1],
    ["dil_conv_5x5", 1],
    ["skip_connect", 2],
    ["avg_pool_3x3", 0],
    ["none", 3],
    ["skip_connect", 1],
    ["skip_connect", 1],
  ],
  normal_concat: [2, 3, 4, 5],
  reduce: [
    ["sep_conv_5x5", 0],
    ["skip_connect", 1],
    ["avg_pool_3x3", 0],
    ["max_pool_3x3", 1],
    ["dil_conv_3x3", 0],
    ["dil_conv_5x5", 3],
    ["sep_conv_3x3", 1],
    ["max_pool_3x3", 4],
  ],
  reduce_concat: [2, 4, 5],
});

type Images = { classes: number; inputChannels: 1 | 3; height: number; width: number };

function darts(images: Images, sizes: Record<string, number | string>, genotype?: string): Model {
  const space = makeSpace({ name: "darts", ...images }, sizes);
  return randomModel(space, genotype ? parseGenotype(genotype, "darts") : randomGenotype(3, space));
}

function nb201(images: Images, operations: readonly string[]): Model {
  const space = makeSpace({ name: "nasbench201", ...images }, { channels: 6, cellsPerStage: 2 });
  return randomModel(space, parseGenotype(JSON.stringify({ operations }), "nasbench201"));
}

function toy(name: string, genotype: string): Model {
  const space = makeSpace({ name, classes: 3, inputChannels: 3, height: 9, width: 10 });
  return randomModel(space, parseGenotype(genotype, name));
}

/** Networks that together hold all that a network can hold, by what they are. */
export const CASES: Readonly<Record<string, () => Model>> = {
  "every operation, even sides": () =>
    darts(
      { classes: 10, inputChannels: 3, height: 16, width: 16 },
      { channels: 4, cells: 4, stem: "cifar" },
      EVERYTHING,
    ),
  "every operation, odd and unequal sides, grey": () =>
    darts(
      { classes: 2, inputChannels: 1, height: 13, width: 11 },
      { channels: 4, cells: 4, stem: "cifar" },
      EVERYTHING,
    ),
  "stem stride2, two nodes, a width that is no multiple of eight": () =>
    darts({ classes: 7, inputChannels: 3, height: 19, width: 18 }, {
      channels: 6,
      cells: 3,
      nodes: 2,
      stem: "stride2",
    }),
  "stem stride4": () =>
    darts({ classes: 130, inputChannels: 1, height: 37, width: 34 }, {
      channels: 4,
      cells: 3,
      nodes: 2,
      stem: "stride4",
    }),
  "stem imagenet": () =>
    darts({ classes: 5, inputChannels: 3, height: 45, width: 46 }, {
      channels: 8,
      cells: 3,
      nodes: 2,
      stem: "imagenet",
    }),
  "nasbench201, every operation, even sides": () =>
    nb201({ classes: 10, inputChannels: 3, height: 16, width: 16 }, [
      "nor_conv_3x3",
      "skip_connect",
      "avg_pool_3x3",
      "none",
      "nor_conv_1x1",
      "skip_connect",
    ]),
  "nasbench201, a node without edges, odd and unequal sides": () =>
    nb201({ classes: 3, inputChannels: 1, height: 13, width: 11 }, [
      "none",
      "avg_pool_3x3",
      "nor_conv_3x3",
      "skip_connect",
      "nor_conv_1x1",
      "avg_pool_3x3",
    ]),
  "another space": () => toy("ladder", "convolution-average-skip"),
  "a normalisation behind a pooling": () => toy("odd", "skip-skip-skip"),
};
