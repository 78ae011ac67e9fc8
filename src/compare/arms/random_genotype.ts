import { train, type TrainOptions } from "../../pipelines/mod.ts";
import { sizesOf } from "../../spaces/mod.ts";
import { learningOf } from "../../stages/mod.ts";
import { type ArmRow, planOf } from "./arm.ts";

/** An architecture drawn by the seed and trained for all epochs: what a search must beat. */
export const randomGenotypeArm: ArmRow = {
  name: "random-genotype",
  summary: "architecture drawn by the seed, trained for all epochs",
  startsFrom: "nothing",
  whyNot: () => undefined,
  async plan({ target, seed, body }, { transfer }) {
    const { images, sizes, search, training } = transfer;
    const { space } = await body();
    const options: TrainOptions = {
      data: target,
      images,
      seed,
      architecture: { genotype: "random" },
      sizes: { ...sizesOf(space), ...sizes, space: space.name },
      // No search: all epochs are training's.
      training: { ...training, epochs: search.epochs + training.epochs, inherit: "none" },
      budget: {},
      ...learningOf(transfer),
    };
    return planOf("train", train, options, 0);
  },
};
