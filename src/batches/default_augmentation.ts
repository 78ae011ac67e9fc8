import type { Augmentation } from "../engine/mod.ts";

/**
 * How training images may be varied when nobody has said.
 *
 * A shift by a sixteenth of the side (2 pixels at 28 or 32) is harmless for nearly every image. CIFAR's customary eighth cuts
 * the subject off where it fills the frame. There is no flip, since a mirrored letter is another letter, and no cutout, since
 * it hides all of a small subject.
 *
 * @param height Image height in pixels.
 * @param width Image width in pixels.
 * @returns Padding in pixels for the random crop, no flip, no cutout.
 */
export function defaultAugmentation(height: number, width: number): Augmentation {
  return { cropPadding: Math.round(Math.min(height, width) / 16), flip: false, cutout: 0 };
}
