import type { GraphBuilder, Tensor } from "../../network/mod.ts";
import { convNorm, lowerPlainStem, lowerTwoHalvings } from "../plain_stem.ts";
import { type DartsSpace, STEM_MULTIPLIER } from "./space.ts";

/** What the first cell reads. */
export interface LoweredStem {
  /** Its two inputs; one tensor for both, or a tensor and the half as large one after it. */
  readonly inputs: readonly [Tensor, Tensor];
  /** Whether the first is twice as large as the second, as after a reduction. */
  readonly isHalving: boolean;
}

/**
 * Adds the stem of a network: what makes the inputs of the first cell out of the image.
 *
 * - `cifar`: 3×3 convolution to 3C channels, normalisation (DARTS' `NetworkCIFAR`): `stem.0`, `stem.1`;
 * - `stride2`: the same at stride 2. Names and shapes are those of `cifar`, so weights of one are taken over by the other;
 * - `stride4`: two 3×3 convolutions of stride 2, to 3C/2 and 3C channels, with normalisations and a ReLU between:
 *   `stem.0`, `stem.1`, `stem.3`, `stem.4`. (Ours, after `stem0` of `imagenet`.)
 * - `imagenet`: DARTS' `NetworkImageNet`: `stem0` as `stride4`, but to C/2 and C channels, then ReLU, a third such
 *   convolution and normalisation, `stem1`; the first cell reads both. Names: `stem0.{0,1,3,4}`, `stem1.{1,2}`, as in the
 *   reference and in the ImageNet supernet of PC-DARTS.
 *
 * Normalisations have weights and biases in all networks.
 *
 * @param builder Receives the instructions.
 * @param space Its stem and channels.
 * @returns The inputs of the first cell.
 */
export function lowerStem(builder: GraphBuilder, space: DartsSpace): LoweredStem {
  const { stem, channels } = space;
  const wide = STEM_MULTIPLIER * channels;
  if (stem === "imagenet") {
    const first = lowerTwoHalvings(builder, { prefix: "stem0", out: channels });
    const second = convNorm(builder, first, { prefix: "stem1", at: 1, out: channels, stride: 2, relu: true });
    return { inputs: [first, second], isHalving: true };
  }
  const x = lowerPlainStem(builder, { stem, out: wide });
  return { inputs: [x, x], isHalving: false };
}

/** State-dict name of the convolution that reads the images. */
export function stemWeight({ stem }: DartsSpace): string {
  return stem === "imagenet" ? "stem0.0.weight" : "stem.0.weight";
}
