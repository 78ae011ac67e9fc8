import type { ParetoResult } from "../pipelines/mod.ts";
import { cellsOf } from "../spaces/mod.ts";
import { countOf } from "../text/mod.ts";
import { renderCells } from "./cell_diagram.ts";
import { renderTable } from "./html_table.ts";
import { renderPage, renderPanel, renderSection } from "./page.ts";
import { renderParetoPlot } from "./pareto_plot.ts";
import { tabulatePareto } from "./pareto_table.ts";
import { judgePareto } from "./pareto_verdict.ts";
import { renderDetails, type ReportOptions } from "./run_report.ts";
import { nameOf } from "./words.ts";

const PLOT_NOTE =
  "Held-out images: no weight has learnt from them, the architecture has. The knee is the point of the front " +
  "farthest above the straight line between its ends.";

/**
 * Renders networks of every size as one HTML page: accuracy over size, the table, and the architecture at the knee.
 *
 * @param result The networks.
 * @param options What the run was started with, and where it is.
 * @returns The page.
 */
export function renderPareto(result: ParetoResult, options: ReportOptions): string {
  const { target, points, knee, space, timing, build, mode } = result;
  const { batch, passes, threads } = timing;
  const timed =
    `Milliseconds are measured and this machine's: the fastest of ${passes} passes of ${batch} image with ${
      countOf(threads, "thread")
    }, ` +
    `build ${build}, mode ${mode}. All else is the same on every machine.`;
  return renderPage({
    title: `Networks of every size for ${nameOf(target)}`,
    verdict: judgePareto(result, options.folder),
    parts: [
      renderSection("Accuracy over size", renderParetoPlot(result), PLOT_NOTE),
      renderSection("The networks", renderPanel(renderTable(tabulatePareto(result))), timed),
      renderSection("The network at the knee", renderCells(cellsOf(points[knee]!.genotype, space.name))),
      renderDetails({ build, mode, threads }, options),
    ],
  });
}
