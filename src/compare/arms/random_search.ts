import { randomSearch, type RandomSearchOptions } from "../../pipelines/mod.ts";
import { sizesOf } from "../../spaces/mod.ts";
import { learningOf } from "../../stages/mod.ts";
import { type ArmRow, planOf } from "./arm.ts";

/** The best of as many random networks as there is time for: the opponent of every search. */
export const randomSearchArm: ArmRow = {
  name: "random-search",
  summary: "the best of as many random networks as can be trained and validated in the seconds of the longest search",
  startsFrom: "nothing",
  isOptional: true,
  whyNot: () => undefined,
  async plan({ target, seed, body, searchSeconds }, { transfer, scratch }) {
    const { images, sizes, search, training } = transfer;
    const { space } = await body();
    const { epochs = search.epochs, learningRate } = scratch;
    const options: RandomSearchOptions = {
      target,
      images,
      sizes: { ...sizesOf(space), ...sizes, space: space.name },
      search: { ...search, epochs, learningRate },
      searchSeconds: await searchSeconds(),
      training,
      seed,
      ...learningOf(transfer),
    };
    return planOf("random-search", randomSearch, options, 0);
  },
};
