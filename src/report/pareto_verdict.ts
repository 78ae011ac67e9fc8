import { join } from "node:path";
import { FINETUNED, type ParetoPoint, type ParetoResult, SIZE_WORDS, type SizeName } from "../pipelines/mod.ts";
import { countOf, formatDuration } from "../text/mod.ts";
import type { Verdict } from "./verdict.ts";
import { formatCount, formatShare, nameOf } from "./words.ts";

/**
 * Judges networks of every size: where the knee is, how far sizes reach, and what was trained.
 *
 * @param result The networks.
 * @param folder Folder of the run, for the commands that go on from it.
 * @returns The verdict.
 */
export function judgePareto(result: ParetoResult, folder = "RUN"): Verdict {
  const { points, knee, axis, seconds } = result;
  const [point, smallest, largest] = [points[knee]!, points[0]!, points.at(-1)!];
  const accuracy = point.testAccuracy === undefined
    ? `${formatShare(point.validAccuracy)} on held-out images, before any training`
    : `${formatShare(point.testAccuracy)} on images it has never seen`;
  return {
    headline: `The knee is at ${sizeOf(point, axis)}: ${accuracy}`,
    sentences: [
      `${countOf(points.length, "network")} from one supernet, of ${rangeOf(smallest, largest, axis)}, in ${
        formatDuration(seconds)
      }.`,
      describeTrained(result),
    ].filter((text) => text !== ""),
    warnings: [],
    next: nextCommands(result, folder),
  };
}

function sizeOf(point: ParetoPoint, axis: SizeName): string {
  if (axis === "milliseconds") return `${Number(point.milliseconds.toPrecision(3))} ms an image`;
  return `${formatCount(point[axis])} ${SIZE_WORDS[axis]}`;
}

function rangeOf(smallest: ParetoPoint, largest: ParetoPoint, axis: SizeName): string {
  const [low, high] = [sizeOf(smallest, axis), sizeOf(largest, axis)];
  const unit = high.replace(/^\S+ /, "");
  return low === high ? low : `${low.endsWith(` ${unit}`) ? low.slice(0, -unit.length - 1) : low} to ${high}`;
}

function describeTrained({ points, axis }: ParetoResult): string {
  const trained = points.filter(({ testAccuracy }) => testAccuracy !== undefined);
  if (trained.length < 2) return "";
  const best = trained.reduce((best, one) => one.testAccuracy! > best.testAccuracy! ? one : best);
  return `Of ${trained.length} that were trained the most accurate is right on ${
    formatShare(best.testAccuracy!)
  } of the test images, with ${sizeOf(best, axis)}.`;
}

function nextCommands({ points, knee, supernet, target }: ParetoResult, folder: string): string[] {
  const chosen = points[knee]!.folder === undefined
    ? points.findLast((point) => point.folder !== undefined)
    : points[knee]!;
  if (chosen?.folder === undefined) {
    const from = supernet === FINETUNED ? join(folder, FINETUNED) : supernet;
    return [
      `deno task pareto --from ${from} --train knee,${points.length} --out runs/pareto-${nameOf(target)}-trained`,
    ];
  }
  // What the run of the supernet had trained already is not in this folder.
  const path = chosen.folder === supernet && supernet !== FINETUNED ? supernet : join(folder, chosen.folder);
  return [`deno task predict --from ${path} photo.png`, `deno task export --from ${path}`];
}
