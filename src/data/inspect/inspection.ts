import { chooseSide } from "../import/image_side.ts";
import type { PartName } from "../readers/reader.ts";
import { type DuplicateGroup, groupDuplicates } from "./duplicates.ts";
import { findNearPairs } from "./near_duplicates.ts";
import type { Survey, SurveyedImage } from "./survey.ts";

/** An image by name, as it is told to a user. */
export interface NamedImage {
  /** Its name. */
  readonly name: string;
  /** Its part. */
  readonly part: PartName;
  /** Name of its class. */
  readonly class: string;
}

/** Images that show the same, by name. */
export interface NamedGroup extends Omit<DuplicateGroup, "images"> {
  /** The images. */
  readonly images: readonly NamedImage[];
}

/** A class with its images in each part. */
export interface CountedClass {
  /** Its name. */
  readonly name: string;
  /** Images to learn from. */
  readonly train: number;
  /** Images to validate on. */
  readonly validation: number;
  /** Images to test on. */
  readonly test: number;
}

/** Sizes of the pictures as their files have them, in pixels. */
export interface SizeSummary {
  /** Smallest and largest of the shorter sides, and their median. */
  readonly shortSide: { readonly least: number; readonly median: number; readonly most: number };
  /** Pictures whose shorter side is in a range, ranges ascending. */
  readonly histogram: readonly { readonly from: number; readonly below: number; readonly count: number }[];
  /** Least and greatest of width / height. */
  readonly aspect: { readonly least: number; readonly most: number };
  /** The side that is chosen when none is asked for; null where images are all of one size already. */
  readonly suggested: number | null;
}

/** What an inspection of images finds. */
export interface ImageInspection {
  /** Images that can be read, and those that cannot. */
  readonly images: { readonly readable: number; readonly unreadable: number };
  /** Pictures that cannot be read, and why. */
  readonly unreadable: readonly (NamedImage & { readonly reason: string })[];
  /** Classes with their readable images. */
  readonly classes: readonly CountedClass[];
  /** Types of the files, the commonest first. */
  readonly types: Readonly<Record<string, number>>;
  /** Sizes of the pictures. */
  readonly sizes: SizeSummary;
  /** Pictures without and with colour. */
  readonly colour: { readonly grey: number; readonly colour: number };
  /** Images to learn from of the largest class for each of the smallest that has any. */
  readonly imbalance: number;
  /** Classes with fewer images to learn from than can be learnt from and validated on. */
  readonly tinyClasses: readonly string[];
  /** Images that show the same: leaks first, then conflicting classes. */
  readonly duplicates: {
    /** Images that could be left out because another shows the same. */
    readonly superfluous: number;
    /** Groups of which one image is to be tested on and another is not. */
    readonly leaks: number;
    /** Groups whose images have different classes. */
    readonly conflicts: number;
    /** Whether near ones were searched for among all. */
    readonly isWhole: boolean;
    /** The groups. */
    readonly groups: readonly NamedGroup[];
  };
}

/** With fewer images to learn from a class is tiny. */
const tinyClass = 10;

/**
 * Draws conclusions from a survey.
 *
 * @param survey What is known of the images.
 * @returns What was found, ready for JSON, and the groups of duplicates by the places of their images.
 */
export function inspectImages(survey: Survey): { inspection: ImageInspection; groups: readonly DuplicateGroup[] } {
  const { classes, images, thumbnails } = survey;
  const sides = images.map(({ height, width }) => Math.min(height, width));
  const { pairs, isWhole } = findNearPairs(thumbnails, sides);
  const groups = groupDuplicates(images, pairs);
  const nameOf = ({ name, part, label }: SurveyedImage): NamedImage => ({ name, part, class: classes[label]! });
  const readable = images.filter(({ error }) => error === undefined);
  const counted = countParts(classes, readable);
  const learnt = counted.map(({ train }) => train).filter((count) => count > 0);
  const inspection: ImageInspection = {
    images: { readable: readable.length, unreadable: images.length - readable.length },
    unreadable: images.flatMap((image) => image.error === undefined ? [] : [{ ...nameOf(image), reason: image.error }]),
    classes: counted,
    types: countTypes(readable),
    sizes: summariseSizes(readable),
    colour: countColours(readable),
    imbalance: learnt.length === 0 ? 1 : Math.max(...learnt) / Math.min(...learnt),
    tinyClasses: counted.filter(({ train }) => train < tinyClass).map(({ name }) => name),
    duplicates: {
      superfluous: groups.reduce((sum, { images }) => sum + images.length - 1, 0),
      leaks: groups.filter(({ isLeak }) => isLeak).length,
      conflicts: groups.filter(({ isConflict }) => isConflict).length,
      isWhole,
      groups: groups.map((group) => ({ ...group, images: group.images.map((place) => nameOf(images[place]!)) })),
    },
  };
  return { inspection, groups };
}

function countParts(classes: readonly string[], images: readonly SurveyedImage[]): CountedClass[] {
  const counted = classes.map((name) => ({ name, train: 0, validation: 0, test: 0 }));
  for (const { label, part } of images) counted[label]![part]++;
  return counted;
}

function countTypes(images: readonly SurveyedImage[]): Record<string, number> {
  const counts = new Map<string, number>();
  for (const { type } of images) if (type !== undefined) counts.set(type, (counts.get(type) ?? 0) + 1);
  return Object.fromEntries([...counts].sort(([, a], [, b]) => b - a));
}

function countColours(images: readonly SurveyedImage[]): { grey: number; colour: number } {
  const grey = images.filter(({ isGrey }) => isGrey).length;
  return { grey, colour: images.length - grey };
}

function summariseSizes(images: readonly SurveyedImage[]): SizeSummary {
  const sides = Uint32Array.from(images, ({ height, width }) => Math.min(height, width)).sort();
  const aspects = images.map(({ height, width }) => width / height).sort((a, b) => a - b);
  const { side, median } = chooseSide([...sides]);
  const isOneSize = images.every(({ type }) => type === undefined);
  return {
    shortSide: { least: sides[0] ?? 0, median, most: sides.at(-1) ?? 0 },
    histogram: countRanges(sides),
    aspect: { least: aspects[0] ?? 1, most: aspects.at(-1) ?? 1 },
    suggested: isOneSize ? null : side,
  };
}

/** Ranges that double twice over: 64, 96, 128, 192, 256 … */
function countRanges(sides: Uint32Array): { from: number; below: number; count: number }[] {
  const edges = [0, 16, 24];
  while (edges.at(-1)! <= (sides.at(-1) ?? 0)) edges.push(2 * edges.at(-2)!);
  const ranges = edges.slice(1).map((below, i) => ({ from: edges[i]!, below, count: 0 }));
  let range = 0;
  for (const side of sides) {
    while (side >= ranges[range]!.below) range++;
    ranges[range]!.count++;
  }
  const first = ranges.findIndex(({ count }) => count > 0);
  return first < 0 ? [] : ranges.slice(first, ranges.findLastIndex(({ count }) => count > 0) + 1);
}
