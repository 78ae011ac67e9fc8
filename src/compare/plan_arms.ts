import { didYouMean } from "../text/mod.ts";
import type { Card } from "../zoo/mod.ts";
import type { ArmRow } from "./arms/arm.ts";
import { featuresArm } from "./arms/features.ts";
import { listArms } from "./arms/table.ts";
import { fromEntryArm, multiArm } from "./arms/transfer.ts";
import type { CompareOptions } from "./options.ts";

/** An arm of a comparison. */
export interface Arm {
  /** Name, also that of its folder. */
  readonly name: string;
  /** Its row. */
  readonly row: ArmRow;
  /** Source of its runs, where it has one: `auto`, `single`, `random`, or an entry. */
  readonly source: string | undefined;
}

/** An arm that cannot be run. */
export interface LeftOut {
  /** Name. */
  readonly arm: string;
  /** Why not. */
  readonly reason: string;
}

/**
 * Finds the arms of a comparison.
 *
 * @param options Which are wanted.
 * @param cards Entries of the zoo.
 * @returns Arms in the order in which they are shown, and those that cannot be run.
 * @throws {RangeError} If an arm or an entry is unknown, or a file is given that no arm reads.
 */
export function planArms(options: CompareOptions, cards: readonly Card[]): { arms: Arm[]; leftOut: LeftOut[] } {
  const all = findArms(options, cards);
  const stranger = options.arms?.find((wanted) => !all.some(({ name }) => name === wanted));
  if (stranger !== undefined) {
    const names = all.map(({ name }) => name);
    const guess = didYouMean(stranger, names);
    throw new RangeError(`Cannot compare arm ${stranger}: expected some of ${names.join(", ")}${guess}`);
  }
  if (options.features.file !== undefined && !options.arms?.includes(featuresArm.name)) {
    throw new RangeError(`Cannot compare: a file of features is given, expected ${featuresArm.name} among the arms`);
  }
  const wanted = all.filter(({ name, row }) => options.arms?.includes(name) ?? !row.isOptional);
  const leftOut = wanted.flatMap(({ name, row, source }) => {
    const reason = row.whyNot(cards, source, options);
    return reason === undefined ? [] : [{ arm: name, reason }];
  });
  return { arms: wanted.filter(({ name }) => !leftOut.some(({ arm }) => arm === name)), leftOut };
}

/** The arms that a comparison could have: one a row, where the rows that start from a source are those of `--sources`, in that order. */
function findArms(options: CompareOptions, cards: readonly Card[]): Arm[] {
  const rows = listArms();
  const first = rows.findIndex(({ isBySource }) => isBySource);
  const others = (part: readonly ArmRow[]) =>
    part.filter(({ isBySource }) => !isBySource).map((row): Arm => ({ name: row.name, row, source: row.source }));
  const bySource = options.sources.map((source) => armOf(source, options, cards));
  return [...others(rows.slice(0, first)), ...bySource, ...others(rows.slice(first))];
}

/** The arm of one of the sources. */
function armOf(source: string, options: CompareOptions, cards: readonly Card[]): Arm {
  const multi = options.multi ?? mostSources(cards)?.name;
  if (source === "multi" || source === multi) return { name: multiArm.name, row: multiArm, source: multi };
  const row = listArms().find((row) => row.isBySource && row.source === source);
  if (row !== undefined) return { name: row.name, row, source };
  if (!cards.some(({ name }) => name === source)) {
    const guess = didYouMean(source, cards.map(({ name }) => name));
    throw new RangeError(`Cannot compare source ${source}: the zoo has no such entry${guess}`);
  }
  return { name: `from-${source}`, row: fromEntryArm, source };
}

function mostSources(cards: readonly Card[]): Card | undefined {
  return cards.filter(({ sources }) => sources.length > 1)
    .toSorted((a, b) => b.sources.length - a.sources.length || (a.name < b.name ? -1 : 1))[0];
}
