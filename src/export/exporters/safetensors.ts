import { encodeSafetensors } from "../../formats/mod.ts";
import { isOfAuxiliaryHead } from "../../network/mod.ts";
import { formatGenotype } from "../../spaces/mod.ts";
import type { Model } from "../../zoo/mod.ts";
import type { Exporter } from "./exporter.ts";

/** Weights under PyTorch's names, which load strictly into the network of the code base from which the space comes. */
export const safetensorsExporter: Exporter = {
  name: "safetensors",
  describe: "weights and running statistics under PyTorch's names, for load_state_dict",
  extension: "safetensors",
  write: (model) => {
    const tensors = [...model.state].filter(([name]) => !isOfAuxiliaryHead(name));
    return encodeSafetensors(new Map(tensors), describe(model));
  },
};

/** What a reader needs beside the tensors: texts, those that are not plain words as JSON. */
function describe({ space, genotype, classes, mean, std }: Model): Record<string, string> {
  return {
    // The mark by which Python's libraries know a file of PyTorch's tensors.
    format: "pt",
    space: JSON.stringify(space),
    genotype: formatGenotype(genotype, space.name),
    classes: JSON.stringify(classes),
    mean: JSON.stringify(mean),
    std: JSON.stringify(std),
  };
}
