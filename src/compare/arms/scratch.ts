import { transfer, type TransferOptions } from "../../pipelines/mod.ts";
import { listMethods } from "../../search/mod.ts";
import type { CompareOptions } from "../options.ts";
import { SCRATCH } from "../result.ts";
import { type ArmRow, planOf, type RunPlace } from "./arm.ts";

/** A search from scratch with the sizes of the supernet that was chosen, the tricks that need no source, and its own schedule. */
export const scratchArm: ArmRow = {
  name: SCRATCH,
  summary: "search from scratch, the arm that others are measured by",
  startsFrom: "nothing",
  whyNot: () => undefined,
  async plan(place, options) {
    const planned = await scratchOptions(place, options);
    return planOf("transfer", transfer, planned, planned.search.epochs);
  },
};

/** Methods that are opponents of their own, or none. */
const APART = ["evolution", "random"];

/** The same by each search method, whatever the transfers search by: `scratch-METHOD`. */
export const scratchMethodArms: readonly ArmRow[] = listMethods().filter(({ name }) => !APART.includes(name)).map(
  ({ name: method, title }): ArmRow => ({
    ...scratchArm,
    name: `${SCRATCH}-${method}`,
    summary: `search from scratch by ${title}`,
    isOptional: true,
    async plan(place, options) {
      const { search, ...planned } = await scratchOptions(place, options);
      return planOf("transfer", transfer, { ...planned, search: { ...search, method } }, search.epochs);
    },
  }),
);

/** How many times the epochs of a search evolution is planned for, before its time shortens it. */
const EVOLUTION_EPOCHS = 8;

/** Evolution over a supernet of single paths, in as many seconds as the longest search has taken. */
export const evolutionArm: ArmRow = {
  ...scratchArm,
  name: "evolution",
  summary: "evolution over a supernet from scratch, in as many seconds as the longest search",
  isOptional: true,
  async plan(place, options) {
    const { search, budget, ...planned } = await scratchOptions(place, options);
    const epochs = EVOLUTION_EPOCHS * search.epochs;
    return planOf("transfer", transfer, {
      ...planned,
      // It has no alpha that could come to rest.
      search: { ...search, method: "evolution", epochs, patience: 0 },
      budget: { ...budget, searchSeconds: await place.searchSeconds() },
    }, epochs);
  },
};

async function scratchOptions(
  { target, seed, body }: RunPlace,
  { zoo, transfer: shared, scratch }: CompareOptions,
): Promise<TransferOptions> {
  const { epochs = shared.search.epochs, learningRate, head, inherit } = scratch;
  const { alphaLearningRate = shared.search.alphaLearningRate } = scratch;
  const { maxParameters } = shared.budget;
  return {
    ...shared,
    target,
    seed,
    source: { ...shared.source, name: (await body()).name, zoo, prior: "none" as const },
    search: { ...shared.search, epochs, learningRate, alphaLearningRate, head },
    training: { ...shared.training, inherit },
    // There is no source whose size could be the limit.
    budget: { ...shared.budget, maxParameters: maxParameters === "source" ? undefined : maxParameters },
  };
}
