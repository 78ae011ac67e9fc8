import type { Split } from "./dataset.ts";
import { pickPixels } from "./pixels.ts";
import { shuffle } from "./shuffle.ts";

/** How {@linkcode splitIndices} divides. */
export interface SplitOptions {
  /** The user's seed; the same seed gives the same parts. */
  seed: number;
  /** Portion of the images that goes into the first part; above 0 and below 1. */
  portion: number;
}

// Tells the shuffles of this file from one another and from any other use of the same seed.
const splitPurpose = 1;
const subsetPurpose = 2;

/**
 * Divides images into two parts that hold the classes in the same proportions.
 *
 * The first part has `round(portion * count)` images. Each class gives its share rounded down, and the classes with the largest
 * remainders give one more.
 *
 * @param labels Label of every image.
 * @param options Seed and portion.
 * @returns Indices of both parts, ascending; together every image exactly once.
 * @throws {RangeError} If the portion is not between 0 and 1, or a part would be empty.
 * @example A quarter of two classes
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { splitIndices } from "./mod.ts";
 *
 * const labels = [0, 0, 0, 0, 1, 1, 1, 1];
 * const { first, second } = splitIndices(labels, { seed: 7, portion: 0.25 });
 * assertEquals(Array.from(first, (image) => labels[image]), [0, 1]);
 * assertEquals([...first, ...second].sort(), [0, 1, 2, 3, 4, 5, 6, 7]);
 * ```
 */
export function splitIndices(
  labels: ArrayLike<number>,
  { seed, portion }: SplitOptions,
): { first: Uint32Array<ArrayBuffer>; second: Uint32Array<ArrayBuffer> } {
  if (!(portion > 0 && portion < 1)) {
    throw new RangeError(`Cannot split images: portion is ${portion}, expected a number above 0 and below 1`);
  }
  const total = Math.round(portion * labels.length);
  if (total === 0 || total === labels.length) {
    throw new RangeError(
      `Cannot split images: ${labels.length} at portion ${portion} leave one part empty, expected at least one in each`,
    );
  }
  const classes = shuffledClasses(labels, seed, splitPurpose);
  const quotas = shareOut(classes.map(({ members }) => members.length), total);
  return {
    first: ascending(classes.map(({ members }, place) => members.subarray(0, quotas[place]))),
    second: ascending(classes.map(({ members }, place) => members.subarray(quotas[place]))),
  };
}

/** How {@linkcode subset} chooses. */
export interface SubsetOptions {
  /** The user's seed; the same seed gives the same images, and a larger count keeps those of a smaller one. */
  seed: number;
  /** Number of images to choose. */
  count: number;
}

/**
 * Chooses images so that each class has the same number, as far as it has so many.
 *
 * @param labels Label of every image.
 * @param options Seed and number.
 * @returns Indices, ascending.
 * @throws {RangeError} If the count is no integer from 1 to the number of images.
 * @example As many of the rare class as of the common one
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { subset } from "./mod.ts";
 *
 * const labels = [0, 0, 0, 0, 0, 0, 1, 1];
 * const chosen = subset(labels, { seed: 7, count: 4 });
 * assertEquals(Array.from(chosen, (image) => labels[image]), [0, 0, 1, 1]);
 * ```
 */
export function subset(labels: ArrayLike<number>, { seed, count }: SubsetOptions): Uint32Array<ArrayBuffer> {
  if (!Number.isInteger(count) || count < 1 || count > labels.length) {
    throw new RangeError(`Cannot choose images: count is ${count}, expected an integer from 1 to ${labels.length}`);
  }
  const classes = shuffledClasses(labels, seed, subsetPurpose);
  const taken = balance(classes.map(({ members }) => members.length), count);
  return ascending(classes.map(({ members }, place) => members.subarray(0, taken[place])));
}

/**
 * Takes some of the images.
 *
 * @param split The images with their labels.
 * @param indices Which, in the order in which they are to be.
 * @returns A part of its own, whose pixels stay where they are.
 */
export function takeImages(split: Split, indices: Uint32Array): Split {
  const pixels = pickPixels(split.pixels, indices, split.pixels.length / split.count);
  return { pixels, labels: Uint8Array.from(indices, (image) => split.labels[image]!), count: indices.length };
}

function shuffledClasses(labels: ArrayLike<number>, seed: number, purpose: number) {
  const members = new Map<number, number[]>();
  for (let image = 0; image < labels.length; image++) {
    const list = members.get(labels[image]!);
    if (list) list.push(image);
    else members.set(labels[image]!, [image]);
  }
  return [...members].sort(([a], [b]) => a - b).map(([label, images]) => ({
    label,
    members: shuffle(Uint32Array.from(images), [seed, purpose, label]),
  }));
}

// Shares `total` out in proportion to the sizes: rounded down, then one each to the largest remainders.
function shareOut(sizes: readonly number[], total: number): number[] {
  const whole = sizes.reduce((sum, size) => sum + size, 0);
  // Integers throughout, so that equal remainders compare as equal.
  const shares = sizes.map((size) => Math.floor(size * total / whole));
  const remainders = sizes.map((size, place) => size * total - shares[place]! * whole);
  const order = sizes.map((_, place) => place).sort((a, b) => remainders[b]! - remainders[a]! || a - b);
  const left = total - shares.reduce((sum, share) => sum + share, 0);
  for (const place of order.slice(0, left)) shares[place]!++;
  return shares;
}

// Gives every class the same, class by class where it does not come out even; a class that has too few gives all it has.
function balance(sizes: readonly number[], total: number): number[] {
  const taken = sizes.map(() => 0);
  let left = total;
  while (left > 0) {
    const open = sizes.flatMap((size, place) => taken[place]! < size ? [place] : []);
    const each = Math.max(1, Math.floor(left / open.length));
    for (const place of open) {
      const more = Math.min(each, sizes[place]! - taken[place]!, left);
      taken[place]! += more;
      left -= more;
    }
  }
  return taken;
}

function ascending(parts: readonly Uint32Array[]): Uint32Array<ArrayBuffer> {
  const joined = new Uint32Array(parts.reduce((sum, part) => sum + part.length, 0));
  let offset = 0;
  for (const part of parts) {
    joined.set(part, offset);
    offset += part.length;
  }
  return joined.sort();
}
