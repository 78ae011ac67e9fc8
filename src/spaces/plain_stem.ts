import type { GraphBuilder, Tensor } from "../network/mod.ts";

/** The stems after which every kind of space can go on: they make one tensor of the image. */
export const PLAIN_STEMS = ["cifar", "stride2", "stride4"] as const;

/** Name of such a stem. */
export type PlainStem = typeof PLAIN_STEMS[number];

/**
 * Adds a stem:
 *
 * - `cifar`: 3×3 convolution, normalisation: `stem.0`, `stem.1`;
 * - `stride2`: the same at stride 2. Names and shapes are those of `cifar`, so weights of one are taken over by the other;
 * - `stride4`: two 3×3 convolutions of stride 2, the first to half of the channels, with normalisations and a ReLU between:
 *   `stem.0`, `stem.1`, `stem.3`, `stem.4`. (Ours, after `stem0` of DARTS' `NetworkImageNet`.)
 *
 * Normalisations have weights and biases in all networks.
 *
 * @param builder Receives the instructions.
 * @param options Which stem, and its channels (two or more for `stride4`).
 * @returns Its normalised output.
 */
export function lowerPlainStem(builder: GraphBuilder, { stem, out }: { stem: PlainStem; out: number }): Tensor {
  if (stem === "stride4") return lowerTwoHalvings(builder, { prefix: "stem", out });
  const stride = stem === "cifar" ? 1 : 2;
  return convNorm(builder, builder.image, { prefix: "stem", at: 0, out, stride, relu: false });
}

/**
 * Adds convolution, normalisation, ReLU, convolution, normalisation: a quarter of the image's height and width.
 *
 * @param builder Receives the instructions.
 * @param options State-dict prefix, channels of the output; the first convolution has half as many.
 * @returns The normalised output. Names: `0`, `1`, `3`, `4`.
 */
export function lowerTwoHalvings(
  builder: GraphBuilder,
  { prefix, out }: { prefix: string; out: number },
): Tensor {
  const narrow = { prefix, at: 0, out: Math.floor(out / 2), stride: 2, relu: false } as const;
  return convNorm(builder, convNorm(builder, builder.image, narrow), { ...narrow, at: 3, out, relu: true });
}

/**
 * Adds a 3×3 convolution and its normalisation, at positions `at` and `at` + 1 of a sequence.
 *
 * @param builder Receives the instructions.
 * @param x The tensor read.
 * @param options State-dict prefix and position, channels of the output, stride, and whether a ReLU goes first.
 * @returns The normalised output.
 */
export function convNorm(
  builder: GraphBuilder,
  x: Tensor,
  { prefix, at, out, stride, relu }: { prefix: string; at: number; out: number; stride: 1 | 2; relu: boolean },
): Tensor {
  const size = { out, kernel: 3, stride, padding: 1, relu };
  const y = builder.convolution(x, { ...size, weight: `${prefix}.${at}.weight` });
  return builder.normalise(y, { names: [`${prefix}.${at + 1}`], affine: true });
}
