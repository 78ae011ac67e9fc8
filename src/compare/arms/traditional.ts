import { traditional, type TraditionalOptions } from "../../pipelines/mod.ts";
import { learningOf } from "../../stages/mod.ts";
import { type Card, NETWORK_FILE } from "../../zoo/mod.ts";
import { type ArmRow, planOf } from "./arm.ts";

/** Traditional transfer from the nearest entry that has a network. */
export const traditionalArm: ArmRow = networkArm({
  name: "traditional",
  summary: "finetuning of the nearest entry's trained network, its architecture as it is",
  source: "auto",
});

/** The same from the nearest entry of a single dataset. */
export const traditionalSingleArm: ArmRow = networkArm({
  name: "traditional-single",
  summary: "the same from the nearest entry of a single dataset",
  source: "single",
  isOptional: true,
});

/** A new head on the nearest entry's network, whose body stays. */
export const traditionalHeadArm: ArmRow = networkArm({
  name: "traditional-head",
  summary: "the same with only the new head learning",
  source: "auto",
}, { headOnly: true });

function networkArm(
  own: Pick<ArmRow, "name" | "summary" | "isOptional"> & { readonly source: string },
  { headOnly = false } = {},
): ArmRow {
  return {
    ...own,
    startsFrom: "network",
    whyNot: (cards, source) => cards.some((card) => canStart(card, source)) ? undefined : NO_NETWORK,
    plan({ target, seed, source: name }, { zoo, transfer: shared, traditional: { learningRate } }) {
      const { epochs, batch, trainPortion, recalibration, validations } = shared.search;
      const { inherit: _, ...training } = shared.training;
      const options: TraditionalOptions = {
        target,
        images: shared.images,
        seed,
        source: { name, zoo },
        sizes: shared.sizes,
        finetuning: {
          epochs,
          batch,
          learningRate,
          trainPortion,
          recalibration,
          validations,
          headOnly,
          head: "refitted",
        },
        training,
        ...learningOf(shared),
      };
      return planOf("traditional", traditional, options, epochs);
    },
  };
}

const NO_NETWORK = "no such entry of the zoo has a trained network, add one with: deno task rootstock zoo derive NAME";

function canStart({ files, sources }: Card, source: string | undefined): boolean {
  return files[NETWORK_FILE] !== undefined && (source !== "single" || sources.length === 1);
}
