import { transfer } from "../../pipelines/mod.ts";
import { SCRATCH } from "../result.ts";
import { type ArmRow, planOf } from "./arm.ts";

/** A search from scratch with the sizes of the supernet that was chosen, the tricks that need no source, and its own schedule. */
export const scratchArm: ArmRow = {
  name: SCRATCH,
  summary: "search from scratch, the arm that others are measured by",
  startsFrom: "nothing",
  whyNot: () => undefined,
  plan({ target, seed, body }, { zoo, transfer: shared, scratch }) {
    const { epochs = shared.search.epochs, learningRate, head, inherit } = scratch;
    const { alphaLearningRate = shared.search.alphaLearningRate } = scratch;
    const { maxParameters } = shared.budget;
    const options = {
      ...shared,
      target,
      seed,
      source: { ...shared.source, name: body().name, zoo, prior: "none" as const },
      search: { ...shared.search, epochs, learningRate, alphaLearningRate, head },
      training: { ...shared.training, inherit },
      // There is no source whose size could be the limit.
      budget: { ...shared.budget, maxParameters: maxParameters === "source" ? undefined : maxParameters },
    };
    return planOf("transfer", transfer, options, epochs);
  },
};
