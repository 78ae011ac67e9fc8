import { countOf, formatDuration, NOT_MEASURED } from "../text/mod.ts";
import {
  type ArmRun,
  type ArmSummary,
  type CompareResult,
  findDifference,
  FLOOR,
  type Level,
  LEVELS,
  type PairedDifference,
  SCRATCH,
  type Speedup,
  type Spread,
  type TargetArm,
  type TargetComparison,
} from "../compare/mod.ts";
import type { TitledTable } from "./html_table.ts";
import { nameOf } from "./words.ts";

/** Heading of the lead over an architecture that was drawn at random. */
const OVER_FLOOR = "over the floor";

/** Of an arm against itself. */
const NO_DIFFERENCE: Pick<PairedDifference, "mean" | "standardError"> = { mean: null, standardError: null };

/** Title of the table of all targets. */
export const BY_TARGET = "Target by target, means over seeds";

/**
 * Sets a comparison out in tables: accuracy of the arms, how much sooner they are there, and all of it target by target.
 *
 * @param result The comparison.
 * @returns The tables; those without a row are left out.
 */
export function tabulateComparison(result: CompareResult): TitledTable[] {
  const { summary, targets, leftOut, overlaps } = result;
  return [
    {
      title: `Test accuracy over ${countOf(targets.length, "target")} and ${countOf(result.seeds.length, "seed")}`,
      rows: accuracyRows(result),
    },
    {
      title: "Times fewer than scratch to reach a share of its best validation accuracy",
      rows: speedRows(summary.arms),
    },
    { title: BY_TARGET, rows: targetRows(targets) },
    ...distanceTables(result),
    {
      title: "Entries pretrained on a target itself, which is then no test of new data",
      rows: [["target", "entry"], ...overlaps.map(({ target, entry }) => [nameOf(target), entry])],
    },
    { title: "Left out", rows: [["arm", "why"], ...leftOut.map(({ arm, reason }) => [arm, reason])] },
  ].filter(({ rows }) => rows.length > 1);
}

function accuracyRows({ summary }: CompareResult): string[][] {
  const against = (arm: string): string[] => {
    const pair = summary.pairs.find((pair) => pair.arm === arm && pair.against === SCRATCH);
    if (pair === undefined) return ["", "", "", ""];
    const { overRuns, overTargets } = pair;
    return [points(overRuns), `${overRuns.better}:${overRuns.worse}`, chance(overRuns.p), chance(overTargets.p)];
  };
  const floor = summary.arms.some(({ arm }) => arm === FLOOR);
  const overFloor = (arm: string) => points(findDifference(summary.pairs, arm, FLOOR)?.overRuns ?? NO_DIFFERENCE);
  return [
    [
      "arm",
      "test accuracy",
      "against scratch",
      "better:worse",
      "p over runs",
      "p over targets",
      ...(floor ? [OVER_FLOOR] : []),
      "parameters",
      "macs",
      "time",
    ],
    ...summary.arms.map(({ arm, testAccuracy, parameters, macs, seconds }) => [
      arm,
      share(testAccuracy),
      ...against(arm),
      ...(floor ? [overFloor(arm)] : []),
      count(parameters),
      macs === null ? "" : count(macs),
      formatDuration(seconds),
    ]),
  ];
}

function speedRows(arms: readonly ArmSummary[]): string[][] {
  const measured = arms.filter(({ arm, fewerTotalSeconds }) => arm !== SCRATCH && fewerTotalSeconds.ratio !== null);
  return [
    [
      "arm",
      ...LEVELS.map((level) => `epochs to ${level} %`),
      ...LEVELS.map((level) => `seconds to ${level} %`),
      "seconds in all",
      `runs that reached ${LEVELS.join("/")} %`,
    ],
    ...measured.map(({ arm, runs, reached, fewerEpochs, fewerSeconds, fewerTotalSeconds }) => [
      arm,
      ...LEVELS.map((level) => times(fewerEpochs[level]!)),
      ...LEVELS.map((level) => times(fewerSeconds[level]!)),
      times(fewerTotalSeconds),
      `${LEVELS.map((level) => reached[`${level}`]).join("/")} of ${runs}`,
    ]),
  ];
}

function targetRows(targets: readonly TargetComparison[]): string[][] {
  const tables = targets.map((target) => ({ name: nameOf(target.name), rows: tabulateTarget(target) }));
  const [heading = []] = tables[0]?.rows ?? [];
  return [["target", ...heading], ...tables.flatMap(({ name, rows }) => rows.slice(1).map((row) => [name, ...row]))];
}

/**
 * Sets the arms of a target out in a table.
 *
 * @param target The target.
 * @returns Rows; the first holds the headings.
 */
export function tabulateTarget({ arms }: TargetComparison): string[][] {
  const hasScratch = arms.some(({ arm }) => arm === SCRATCH);
  const floor = arms.find(({ arm }) => arm === FLOOR)?.testAccuracy.mean ?? null;
  const overFloor = ({ arm, testAccuracy: { mean } }: TargetArm) =>
    mean === null || floor === null || arm === FLOOR ? "" : points({ mean: mean - floor, standardError: null });
  const whenReached = (...parts: Parameters<typeof later>) => hasScratch ? later(...parts) : NOT_MEASURED;
  return [
    [
      "arm",
      "source",
      "best validation",
      "test accuracy",
      "against scratch",
      ...(floor === null ? [] : [OVER_FLOOR]),
      ...LEVELS.map((level) => `epochs to ${level} %`),
      "seconds to 95 %",
      "seconds to 100 %",
      "seconds in all",
      "parameters",
    ],
    ...arms.map((arm) => [
      arm.arm,
      arm.source === null ? "" : nameOf(arm.source),
      bestValidation(arm),
      share(arm.testAccuracy),
      arm.againstScratch === null ? "" : points(arm.againstScratch),
      ...(floor === null ? [] : [overFloor(arm)]),
      ...LEVELS.map((level) => whenReached(arm.seeds, ({ epochsToReach }) => epochsToReach[level], "budgetEpochs")),
      ...(["95", "100"] as Level[]).map((level) =>
        whenReached(arm.seeds, ({ secondsToReach }) => secondsToReach[level], "budgetSeconds")
      ),
      count(meanOf(arm.seeds.map(({ seconds }) => seconds))),
      count(meanOf(arm.seeds.map(({ parameters }) => parameters))),
    ]),
  ];
}

function distanceTables({ distance }: CompareResult): TitledTable[] {
  if (distance === undefined) return [];
  const { pairs, overPairs, withinTargets } = distance;
  const rho = (value: number | null) => value === null ? "none" : value.toFixed(2).replace("-", "−");
  return [{
    title: `Distance and benefit: Spearman ${rho(overPairs)} over all pairs, ${rho(withinTargets)} within targets ` +
      "(negative: nearer sources are worth more)",
    rows: [
      ["target", "source", "distance", "of the target's mean cost", "ahead of scratch"],
      ...pairs.map(({ target, source, distance, relativeDistance, benefit }) => [
        nameOf(target),
        nameOf(source),
        distance.toPrecision(4),
        relativeDistance.toPrecision(3),
        `${benefit < 0 ? "−" : "+"}${Math.abs(100 * benefit).toFixed(1)}`,
      ]),
    ],
  }];
}

function bestValidation({ seeds }: TargetArm): string {
  const best = seeds.flatMap(({ bestValidAccuracy }) => bestValidAccuracy === null ? [] : [bestValidAccuracy]);
  return best.length === 0 ? NOT_MEASURED : `${(100 * meanOf(best)).toFixed(1)} %`;
}

/** Mean of when a level was reached; where a run never did, its whole budget counts and the mean is a lower bound. */
function later(
  runs: readonly ArmRun[],
  reached: (run: ArmRun) => number | null,
  budget: "budgetEpochs" | "budgetSeconds",
): string {
  if (runs.some((run) => run.budgetEpochs === 0 || run.bestValidAccuracy === null)) return NOT_MEASURED;
  const mean = meanOf(runs.map((run) => reached(run) ?? run[budget])).toFixed(1);
  return runs.some((run) => reached(run) === null) ? `> ${mean}` : mean;
}

function meanOf(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}

function share({ mean, standardError }: Spread): string {
  if (mean === null) return "";
  const value = (100 * mean).toFixed(1);
  return standardError === null ? `${value} %` : `${value} ± ${(100 * standardError).toFixed(1)} %`;
}

/** A difference of shares, in percentage points. */
function points({ mean, standardError }: Pick<PairedDifference, "mean" | "standardError">): string {
  if (mean === null) return "";
  const value = `${mean < 0 ? "−" : "+"}${Math.abs(100 * mean).toFixed(1)}`;
  return standardError === null ? value : `${value} ± ${(100 * standardError).toFixed(1)}`;
}

function chance(p: number | null): string {
  if (p === null) return "";
  return p < 0.001 ? "< 0.001" : p.toFixed(3);
}

function times({ ratio, isUpperBound }: Speedup): string {
  if (ratio === null) return "";
  return `${isUpperBound ? "< " : ""}${ratio.toFixed(ratio < 10 ? 2 : 1)} ×`;
}

function count(value: number): string {
  return Math.round(value).toLocaleString("en");
}
