/**
 * What an ONNX file reads: `uint8`, pixels [N, H, W, C] from 0 to 255 as a decoded picture has them, or `float`, [N, C, H, W] from 0 to
 * 1 as `ToTensor` of torchvision makes them.
 */
export const INPUT_KINDS = ["uint8", "float"] as const;

/** One of {@linkcode INPUT_KINDS}. */
export type InputKind = typeof INPUT_KINDS[number];
