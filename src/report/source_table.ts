import type { RankedEntry, RunResult } from "../stages/mod.ts";
import { renderTable } from "./html_table.ts";
import { renderPanel } from "./page.ts";

/**
 * Renders which supernets a run could have started from: the nearest first, with the classes that made them near.
 *
 * @param result Result of a run.
 * @returns An HTML element; an empty text if no distances were measured.
 */
export function renderSources(result: RunResult): string {
  const { sourceRanking = [] } = result as RunResult & { sourceRanking?: readonly RankedEntry[] };
  if (sourceRanking.length === 0) return "";
  return renderPanel(renderTable(tabulateSources(sourceRanking)));
}

/**
 * Sets entries of the zoo and their distances in a table.
 *
 * @param ranking Entries, the nearest first.
 * @returns Rows; the first holds the headings. Classes are named where they were kept.
 */
export function tabulateSources(ranking: readonly RankedEntry[]): string[][] {
  const hasClasses = ranking.some(({ closest = [] }) => closest.length > 0);
  return [
    ["supernet", "distance", ...(hasClasses ? ["classes that are nearest to each other, with their distances"] : [])],
    ...ranking.map(({ name, distance, closest = [] }) => [
      name,
      distance.toFixed(1),
      ...(hasClasses
        ? [closest.map(({ target, source, distance }) => `${target} and ${source} ${distance.toFixed(1)}`).join(", ")]
        : []),
    ]),
  ];
}
