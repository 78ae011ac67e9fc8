import type { TestReport } from "../stages/mod.ts";

/**
 * Sets the classes of a test in a table.
 *
 * @param test Answers to the test images.
 * @returns Rows; the first holds the headings. What cannot be measured is a dash.
 */
export function tabulateClasses({ classes }: Pick<TestReport, "classes">): string[][] {
  const percent = (value: number | null) => value === null ? "–" : `${(100 * value).toFixed(1)} %`;
  return [
    ["class", "images", "precision", "recall", "F1"],
    ...classes.map(({ name, support, precision, recall, f1 }) => [
      name,
      support.toLocaleString("en"),
      ...[precision, recall, f1].map(percent),
    ]),
  ];
}

/**
 * Sets which classes were taken for which in a table: a row a class, a column a class said.
 *
 * @param test Answers to the test images.
 * @returns Rows; the first holds the headings. Nothing is a dot.
 */
export function tabulateConfusion({ classes, confusion }: Pick<TestReport, "classes" | "confusion">): string[][] {
  const names = classes.map(({ name }) => name);
  return [
    ["is \\ said", ...names],
    ...confusion.map((row, label) => [names[label]!, ...row.map((count) => count === 0 ? "·" : String(count))]),
  ];
}

/**
 * Sets the pairs of classes that were confused most often in a table.
 *
 * @param test Answers to the test images.
 * @returns Rows; the first holds the headings.
 */
export function tabulateConfused({ classes, confused }: Pick<TestReport, "classes" | "confused">): string[][] {
  const support = new Map(classes.map(({ name, support }) => [name, support]));
  return [
    ["is", "said", "images"],
    ...confused.map(({ true: name, predicted, count }) => [
      name,
      predicted,
      `${count.toLocaleString("en")} of ${(support.get(name) ?? 0).toLocaleString("en")}`,
    ]),
  ];
}
