import { DataError } from "./errors.ts";

/**
 * Checks that every label is the index of a class.
 *
 * @param labels Label of every image.
 * @param classes Number of classes.
 * @param path Where the labels come from, for the message.
 * @throws {DataError} If a label is out of range; names the first, and its place.
 */
export function requireLabels(labels: Uint8Array, classes: number, path: string): void {
  const place = labels.findIndex((label) => label >= classes);
  if (place < 0) return;
  throw new DataError(
    `Cannot read ${path}: label ${labels[place]} of image ${place} is out of range, expected 0 to ${classes - 1}`,
  );
}

/**
 * Names the classes by their numbers, for labels of which nothing else is known.
 *
 * A number without images below the largest label is more often a damaged file than an empty class, so it is refused.
 *
 * @param labels Labels of the training images.
 * @param path Where the labels come from, for the message.
 * @returns `"0"`, `"1"`, … up to the largest label.
 * @throws {DataError} If there are fewer than two classes, or one without images.
 */
export function numberedClasses(labels: Uint8Array, path: string): string[] {
  const counts = countClasses(labels, 256);
  const classes = counts.findLastIndex((count) => count > 0) + 1;
  const empty = counts.indexOf(0);
  if (empty < classes && empty >= 0) {
    throw new DataError(
      `Cannot read ${path}: no image has label ${empty} though the largest is ${classes - 1}, ` +
        `if that is right name the classes in an info.json beside it`,
    );
  }
  if (classes < 2) throw new DataError(`Cannot read ${path}: every label is 0, expected at least two classes`);
  return Array.from({ length: classes }, (_, label) => String(label));
}

/**
 * Counts the images of each class.
 *
 * @param labels Labels, each below `classes`.
 * @param classes Number of classes.
 * @returns One count a class.
 */
export function countClasses(labels: Uint8Array, classes: number): number[] {
  const counts = new Array<number>(classes).fill(0);
  for (const label of labels) counts[label]!++;
  return counts;
}
