import type { TestReport } from "../stages/mod.ts";
import { renderClassBars } from "./class_bars.ts";
import { renderConfusionMap } from "./confusion_map.ts";
import { renderTable } from "./html_table.ts";
import { renderMistakes } from "./mistakes_gallery.ts";
import { renderFigures, renderSection } from "./page.ts";
import { renderReliability } from "./reliability_diagram.ts";
import { tabulateClasses, tabulateConfused } from "./test_tables.ts";
import { formatShare } from "./words.ts";

/**
 * Renders all that is known of a network's answers to the test images.
 *
 * @param test The answers; an empty text for none.
 * @returns HTML sections.
 */
export function renderTest(test: TestReport | undefined): string {
  if (test === undefined) return "";
  const { balancedAccuracy, loss, brier, calibration, mistakes, classes } = test;
  const figures = renderFigures([
    [formatShare(balancedAccuracy), "balanced accuracy, mean recall of the classes"],
    [`${(100 * calibration.error).toFixed(1)} points`, "calibration error, how far off its certainty is"],
    [loss === null ? "not finite" : loss.toFixed(3), "log loss in nats, 0 at best"],
    [brier.toFixed(3), "Brier score, 0 at best and 2 at worst"],
  ]);
  const all = `<details><summary>All ${classes.length} classes as a table</summary>${
    renderTable(tabulateClasses(test))
  }</details>`;
  return [
    renderSection(
      "What it does with images it has never seen",
      `${figures}<div class="grid2 below">${renderConfusionMap(test)}${renderClassBars(test)}</div>` +
        `<div class="grid2 below">${renderReliability(test)}${renderConfused(test)}</div>${all}`,
      `${test.count.toLocaleString("en")} test images of ${classes.length} classes.`,
    ),
    renderSection(
      "Its surest mistakes",
      renderMistakes(mistakes),
      "Wrong answers with the highest probability: look for wrong labels and for pictures that do not belong here.",
    ),
  ].filter((part) => part !== "").join("\n");
}

function renderConfused(test: TestReport): string {
  const rows = tabulateConfused(test);
  if (rows.length === 1) return "";
  return `<figure class="panel"><figcaption>Most confused</figcaption>${renderTable(rows)}</figure>`;
}
