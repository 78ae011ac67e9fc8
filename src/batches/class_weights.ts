import type { DatasetImages } from "./labelled_images.ts";

/** How classes count in the loss: each image alike, or each class alike. */
export const CLASS_WEIGHTINGS = ["none", "balanced"] as const;

/** How classes count in the loss: each image alike, or each class alike. */
export type ClassWeighting = typeof CLASS_WEIGHTINGS[number];

/**
 * Weights with which classes count alike in the loss, however many images they have: of a dataset of N images and C classes, N / (C · n)
 * for a class of n images. Over the images of a dataset their mean is 1. Source: scikit-learn's `compute_class_weight`, "balanced".
 *
 * @param parts The datasets, each with weights of its own.
 * @returns One weight a class, those of all datasets; 1 for a class without images.
 */
export function balancedWeights(
  parts: readonly Pick<DatasetImages, "labels" | "classes" | "firstClass">[],
): Float32Array {
  const weights = new Float32Array(parts.reduce((sum, { classes }) => sum + classes, 0)).fill(1);
  for (const { labels, classes, firstClass } of parts) {
    const counts = new Uint32Array(classes);
    for (let image = 0; image < labels.length; image++) counts[labels[image]!]!++;
    const present = counts.filter((count) => count > 0).length;
    counts.forEach((count, label) => {
      if (count > 0) weights[firstClass + label] = labels.length / (present * count);
    });
  }
  return weights;
}
