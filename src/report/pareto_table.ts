import { type ParetoResult, SIZE_WORDS, type SizedNetwork } from "../pipelines/mod.ts";
import { formatShare, nameOf } from "./words.ts";

/**
 * Sets networks of every size below one another, and those of other runs after them.
 *
 * @param result The networks.
 * @returns Rows; the first holds the headings.
 */
export function tabulatePareto({ points, front, knee, also }: ParetoResult): string[][] {
  const isTested = [...points, ...also].some(({ testAccuracy }) => testAccuracy !== undefined);
  const figures = ({ parameters, macs, milliseconds, validAccuracy, testAccuracy }: SizedNetwork) => [
    parameters.toLocaleString("en"),
    macs.toLocaleString("en"),
    `${Number(milliseconds.toPrecision(3))} ms`,
    validAccuracy === undefined ? "" : formatShare(validAccuracy),
    ...(isTested ? [testAccuracy === undefined ? "" : formatShare(testAccuracy)] : []),
  ];
  const place = (i: number) => i === knee ? "knee" : front.includes(i) ? "front" : "";
  return [
    [
      "network",
      SIZE_WORDS.parameters,
      SIZE_WORDS.macs,
      "an image",
      "held-out images",
      ...(isTested ? ["test images, trained"] : []),
      "place",
    ],
    ...points.map((point, i) => [String(i + 1), ...figures(point), place(i)]),
    ...also.map((other) => [nameOf(other.name), ...figures(other), other.command]),
  ];
}
