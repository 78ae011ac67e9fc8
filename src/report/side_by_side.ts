import { cellsOf, type Space } from "../spaces/mod.ts";
import { DEFAULT_SIZES, type RunResult } from "../stages/mod.ts";
import { adviseOn, guessingLoss } from "./advice.ts";
import { renderCells } from "./cell_diagram.ts";
import { renderTable } from "./html_table.ts";
import { phasesOf, renderLearning } from "./learning.ts";
import { renderPage, renderPanel, renderSection } from "./page.ts";
import { type ComparedRun, tabulateDifferences, tabulateRecall, tabulateSideBySide } from "./side_by_side_tables.ts";
import type { Verdict } from "./verdict.ts";
import { formatPoints, formatShare, listOf, nameOf } from "./words.ts";

const CURVES_NOTE =
  "Held-out images: the weights never learn from them. Test images: nothing has seen them before the end.";
const SETTINGS_NOTE = "Settings that are not the same in all of them.";
const RECALL_NOTE = "Share of each class's test images that were recognised.";

/** Of two normal deviates, one in twenty lies farther out. */
const DEVIATIONS = 1.96;

/**
 * Renders several runs as one HTML page: the verdict, one table, curves over each other, recall by class, what they found, and the
 * settings in which they differ.
 *
 * @param runs The runs, at least two, in the order of their colours.
 * @returns The page.
 */
export function renderSideBySide(runs: readonly ComparedRun[]): string {
  const arms = runs.map(({ name, result }) => ({ name, phases: phasesOf(result), testAccuracy: result.testAccuracy }));
  const guesses = new Set(runs.map(({ result }) => guessingLoss(result)));
  const differences = tabulateDifferences(runs);
  const recall = tabulateRecall(runs);
  return renderPage({
    title: `${runs.length} runs on ${nameOf([...new Set(runs.map(({ result }) => nameOf(result.data)))].join(","))}`,
    verdict: judgeSideBySide(runs),
    parts: [
      renderSection("The runs", renderPanel(renderTable(tabulateSideBySide(runs)))),
      renderSection(
        "How they learnt",
        renderLearning(arms, guesses.size === 1 ? [...guesses][0] : undefined),
        CURVES_NOTE,
      ),
      renderSection("Where they differ", renderTableOf(differences), SETTINGS_NOTE),
      renderSection("Class by class", renderTableOf(recall), RECALL_NOTE),
      ...foundBy(runs).map(({ names, result }) =>
        renderSection(
          `What ${listOf(names)} found`,
          renderCells(cellsOf(result.genotype, (result.space as Space | undefined)?.name ?? DEFAULT_SIZES.space)),
        )
      ),
    ],
    madeBy: `deno task report ${runs.map(({ folder }) => folder).join(" ")}`,
  });
}

/** The architectures, each once with the names of all runs that have it. */
function foundBy(runs: readonly ComparedRun[]): { names: string[]; result: RunResult }[] {
  const groups = Map.groupBy(runs, ({ result }) => JSON.stringify(result.genotype));
  return [...groups.values()].map((own) => ({ names: own.map(({ name }) => nameOf(name)), result: own[0]!.result }));
}

function renderTableOf(rows: readonly (readonly string[])[]): string {
  return rows.length < 2 ? "" : renderPanel(renderTable(rows));
}

/**
 * Judges runs beside each other: which is ahead on the test images, and whether that may be chance.
 *
 * @param runs The runs, at least two.
 * @returns The verdict.
 */
export function judgeSideBySide(runs: readonly ComparedRun[]): Verdict {
  const tested = runs.filter(({ result }) => result.testAccuracy !== undefined)
    .toSorted((a, b) => b.result.testAccuracy! - a.result.testAccuracy!);
  const warnings = runs.flatMap(({ name, result }) => adviseOn(result).map((advice) => `${name}: ${advice}`));
  const datasets = new Set(runs.map(({ result }) => result.data));
  if (datasets.size > 1) {
    const names = [...datasets].map(nameOf);
    const headline = `${runs.length} runs on ${names.length > 3 ? `${names.length} datasets` : listOf(names)}`;
    const sentences = ["They are of different datasets: their accuracies cannot be compared with each other."];
    return { headline, sentences, warnings, next: [] };
  }
  const [best, next] = tested;
  if (best === undefined) {
    return { headline: `${runs.length} runs, none with a trained network`, sentences: [], warnings, next: [] };
  }
  const accuracy = formatShare(best.result.testAccuracy!);
  const lead = next === undefined ? 0 : best.result.testAccuracy! - next.result.testAccuracy!;
  return {
    headline: next === undefined
      ? `${nameOf(best.name)} alone has a trained network: ${accuracy} of the test images`
      : lead < 0.0005
      ? `${nameOf(best.name)} and ${nameOf(next.name)} are level: ${accuracy} of the test images`
      : `${nameOf(best.name)} is ahead: ${accuracy} of the test images, ${formatPoints(lead)} before ${
        nameOf(next.name)
      }`,
    sentences: next === undefined ? [] : describeChance(best.result, next.result),
    warnings,
    next: [`deno task predict --from ${best.folder} photo.png`],
  };
}

/** How large a difference must be so that the choice of the test images does not explain it. */
function describeChance(best: RunResult, next: RunResult): string[] {
  const [first, second] = [best, next].map(({ test, testAccuracy }) =>
    test && testAccuracy! * (1 - testAccuracy!) / test.count
  );
  if (first === undefined || second === undefined) return [];
  const margin = DEVIATIONS * Math.sqrt(first + second);
  const { count } = best.test!;
  const isWithin = best.testAccuracy! - next.testAccuracy! <= margin;
  return [
    `With ${count.toLocaleString("en")} test images a difference of ${
      formatPoints(margin)
    } may be chance: that between ` +
    `the first two is ${isWithin ? "within it" : "larger"}. Another seed may add to it.`,
  ];
}
