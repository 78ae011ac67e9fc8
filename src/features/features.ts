import type { ClassifierFit, Engine } from "../engine/mod.ts";

/** What a frozen network says of the images of a dataset. */
export interface Features {
  /** Features of the training images, [images, features] row-major, in their order. */
  readonly train: Float32Array;
  /** The same of the test images. */
  readonly test: Float32Array;
  /** Trainable numbers of the network, without a head. */
  readonly parameters: number;
  /** Its multiply-adds for one image; null if they are not known. */
  readonly macs: number | null;
}

/** Features with the classes of their images. */
export interface LabelledRows {
  /** [images, features] row-major. */
  readonly features: Float32Array;
  /** Class of each image. */
  readonly labels: ArrayLike<number>;
}

/**
 * Takes some rows of a matrix.
 *
 * @param rows All of them, with their labels.
 * @param indices Which ones.
 * @returns A copy of these, in the order of the indices.
 */
export function takeRows({ features, labels }: LabelledRows, indices: ArrayLike<number>): LabelledRows {
  const width = features.length / labels.length;
  const taken = new Float32Array(indices.length * width);
  for (let i = 0; i < indices.length; i++) {
    taken.set(features.subarray(indices[i]! * width, (indices[i]! + 1) * width), i * width);
  }
  return { features: taken, labels: Uint32Array.from(indices, (index) => labels[index]!) };
}

/**
 * Fits a linear head to frozen features, in closed form: linear discriminant analysis whose penalty is chosen by the
 * leave-one-out cross-entropy of the rows alone.
 *
 * @param engine Fits.
 * @param rows What it learns from.
 * @param classes Number of classes.
 * @returns The head, and how well it does on rows that are left out.
 * @throws {Error} If a feature is not finite.
 */
export function fitRows(
  engine: Pick<Engine, "fitClassifier">,
  { features, labels }: LabelledRows,
  classes: number,
): ClassifierFit {
  return engine.fitClassifier(features, Uint32Array.from(labels), classes);
}

/**
 * Evaluates a head on rows of features.
 *
 * @param engine Evaluates.
 * @param rows The rows.
 * @param head The head.
 * @returns Mean cross-entropy in nats, and the share of the rows that are right.
 */
export function evaluateRows(
  engine: Pick<Engine, "evaluateClassifier">,
  { features, labels }: LabelledRows,
  head: Pick<ClassifierFit, "weights" | "biases">,
): { loss: number; accuracy: number } {
  const { loss, correct, count } = engine.evaluateClassifier(features, Uint32Array.from(labels), head);
  return { loss, accuracy: correct / count };
}
