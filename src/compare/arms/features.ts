import { features, type FeaturesOptions } from "../../pipelines/mod.ts";
import { type ArmRow, planOf } from "./arm.ts";

/** Features of a frozen network with a head fitted to them: what needs no training at all. */
export const featuresArm: ArmRow = {
  name: "features",
  summary: "a head fitted to frozen features of the nearest entry's network, or of the ONNX file of --features",
  startsFrom: "network",
  source: "auto",
  isOptional: true,
  whyNot: (cards, _, { features: { file } }) =>
    file !== undefined || cards.length > 0 ? undefined : "the zoo has no entry",
  plan({ target, seed, source: name }, { zoo, features: extractor, transfer: { images, search: { trainPortion } } }) {
    const options: FeaturesOptions = { target, images, seed, source: { name, zoo }, extractor, trainPortion };
    // No epochs, so that there is nothing to be faster or slower than.
    return planOf("features", features, options, 0);
  },
};
