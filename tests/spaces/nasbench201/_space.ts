import type { NasBench201Genotype } from "../../../src/spaces/nasbench201/genotype.ts";
import { checkNasBench201Space, type NasBench201Space } from "../../../src/spaces/nasbench201/space.ts";

/** A small space, of other sizes where they are given. */
export function smallSpace(sizes: Partial<NasBench201Space> = {}): NasBench201Space {
  const images = { classes: 10, inputChannels: 1, height: 8, width: 8 };
  return checkNasBench201Space({
    name: "nasbench201",
    channels: 4,
    cellsPerStage: 1,
    stem: "cifar",
    ...images,
    ...sizes,
  });
}

/** An architecture with every operation. */
export const EVERY: NasBench201Genotype = {
  operations: ["nor_conv_3x3", "nor_conv_1x1", "avg_pool_3x3", "skip_connect", "none", "nor_conv_3x3"],
};

/** As the benchmark writes it. */
export const EVERY_TEXT = "|nor_conv_3x3~0|+|nor_conv_1x1~0|avg_pool_3x3~1|+|skip_connect~0|none~1|nor_conv_3x3~2|";

/** Strengths that differ: edge by edge the operation of that number, counted round, is the strongest. */
export const STRENGTHS = Float32Array.from(
  { length: 30 },
  (_, i) => i % 5 === Math.floor(i / 5) % 5 ? 1 : (i % 5) / 10,
);
