import type { Augmentation } from "../engine/mod.ts";

/** Names of {@linkcode namedAugmentation}, from the mildest to the strongest. */
export const AUGMENTATION_NAMES = ["none", "flip", "light", "scale", "photo"] as const;

/** Name of a way to vary images. */
export type AugmentationName = typeof AUGMENTATION_NAMES[number];

/** Side of an image over the padding of its random crop: CIFAR's customary 4 of 32. */
const SIDES_A_PADDING = 8;

/** Least share of the area in a random part. ImageNet's customary 0.08 leaves small networks little to recognise. */
const LEAST_SHARE = 0.35;

/** DARTS' colours on ImageNet. */
const COLOURS = 0.4;

/** Every row is a full set of values, for images of that side. */
const ROWS: Readonly<Record<AugmentationName, (side: number) => Augmentation>> = {
  none: () => ({ cropPadding: 0, flip: false, cutout: 0 }),
  flip: () => ({ cropPadding: 0, flip: true, cutout: 0 }),
  light: (side) => ({ cropPadding: Math.round(side / SIDES_A_PADDING), flip: true, cutout: 0 }),
  scale: () => ({ cropPadding: 0, flip: true, cutout: 0, cropScale: LEAST_SHARE }),
  photo: () => ({
    cropPadding: 0,
    flip: true,
    cutout: 0,
    cropScale: LEAST_SHARE,
    jitter: { brightness: COLOURS, contrast: COLOURS, saturation: COLOURS },
  }),
};

/**
 * A way to vary images, whatever their dataset says.
 *
 * `none`; `flip`: half of the images are mirrored; `light`: random crops padded by an eighth, too; `scale`: random parts of at least
 * 0.35 of the area brought to size, and mirrored; `photo`: and brightness, contrast and saturation changed by up to 0.4.
 *
 * @param name One of {@linkcode AUGMENTATION_NAMES}.
 * @param size Size of the images in pixels.
 * @returns All values.
 */
export function namedAugmentation(
  name: AugmentationName,
  { height, width }: { readonly height: number; readonly width: number },
): Augmentation {
  return ROWS[name](Math.min(height, width));
}
