import type { Inspection, NamedGroup } from "../../src/data/mod.ts";

/** A dataset in which all is well. */
export const GOOD: Inspection = {
  name: "photos",
  description: "",
  format: "folder",
  hasTest: true,
  ignored: 0,
  source: "not stated",
  licence: "CC0",
  attribution: "",
  train: 100,
  test: 20,
  images: { readable: 120, unreadable: 0 },
  unreadable: [],
  classes: [{ name: "cat", train: 50, validation: 0, test: 10 }, { name: "dog", train: 50, validation: 0, test: 10 }],
  types: { JPEG: 120 },
  sizes: {
    shortSide: { least: 200, median: 300, most: 400 },
    histogram: [{ from: 192, below: 256, count: 60 }, { from: 256, below: 384, count: 60 }],
    aspect: { least: 0.75, most: 1.33 },
    suggested: 96,
  },
  colour: { grey: 0, colour: 120 },
  imbalance: 1,
  tinyClasses: [],
  duplicates: { superfluous: 0, leaks: 0, conflicts: 0, isWhole: true, groups: [] },
};

/** A group of two pictures. */
export function pair(isLeak: boolean, isConflict: boolean, i = 0): NamedGroup {
  const second = {
    name: `b${i}<.png`,
    part: isLeak ? "test" as const : "train" as const,
    class: isConflict ? "dog" : "cat",
  };
  return { kind: "near", isLeak, isConflict, images: [{ name: `a${i}.png`, part: "train", class: "cat" }, second] };
}

/** One in which nothing is. */
export const BAD: Inspection = {
  ...GOOD,
  ignored: 3,
  images: { readable: 120, unreadable: 60 },
  unreadable: Array.from({ length: 60 }, (_, i) => ({
    name: `bad${i}.png`,
    part: "train" as const,
    class: "cat",
    reason: `Cannot read bad${i}.png: it is <cut>`,
  })),
  classes: Array.from({ length: 40 }, (_, i) => ({ name: `class ${i}`, train: i, validation: 1, test: i % 2 })),
  imbalance: 39,
  tinyClasses: Array.from({ length: 10 }, (_, i) => `class ${i}`),
  duplicates: {
    superfluous: 20,
    leaks: 5,
    conflicts: 10,
    isWhole: false,
    groups: Array.from({ length: 20 }, (_, i) => pair(i < 5, i < 10, i)),
  },
};
