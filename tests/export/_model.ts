import { DEFAULT_IMPORT } from "../../src/data/mod.ts";
import type { StateTensor } from "../../src/network/mod.ts";
import { buildDerivedNetwork, makeSpace, parseGenotype, registerSpace } from "../../src/spaces/mod.ts";
import type { Model } from "../../src/zoo/mod.ts";
import { LADDER } from "../spaces/_ladder.ts";

registerSpace(LADDER);
const SPACE = makeSpace({ name: "ladder", classes: 2, inputChannels: 1, height: 9, width: 9 }, { channels: 4 });
const GENOTYPE = parseGenotype("convolution-skip-average", "ladder");

/** A network of the toy space, whose weights count up. */
export function toyModel(): Model {
  const { parameters } = buildDerivedNetwork({ space: SPACE, genotype: GENOTYPE });
  const state = new Map(parameters.map(({ name, shape }): [string, StateTensor] => {
    const count = shape.reduce((product, size) => product * size, 1);
    return [name, { shape, data: Float32Array.from({ length: count }, (_, i) => i) }];
  }));
  return {
    space: SPACE,
    genotype: GENOTYPE,
    classes: ["no", 'the "yes"'],
    mean: [0.25],
    std: [0.5],
    data: "toys",
    images: DEFAULT_IMPORT,
    state,
  };
}
