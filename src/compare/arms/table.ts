import type { ArmRow } from "./arm.ts";
import { featuresArm } from "./features.ts";
import { randomGenotypeArm } from "./random_genotype.ts";
import { randomSearchArm } from "./random_search.ts";
import { evolutionArm, scratchArm, scratchMethodArms } from "./scratch.ts";
import { traditionalArm, traditionalHeadArm, traditionalSingleArm } from "./traditional.ts";
import { fromEntryArm, multiArm, randomArm, selectedArm, selectedSingleArm } from "./transfer.ts";

const ROWS: ArmRow[] = [
  scratchArm,
  selectedArm,
  selectedSingleArm,
  multiArm,
  randomArm,
  fromEntryArm,
  traditionalArm,
  traditionalSingleArm,
  traditionalHeadArm,
  featuresArm,
  randomGenotypeArm,
  ...scratchMethodArms,
  // Last, for they take as long as the longest search before them.
  randomSearchArm,
  evolutionArm,
];

/** All arms, in the order in which a comparison shows them. */
export function listArms(): readonly ArmRow[] {
  return ROWS;
}

/**
 * Adds an arm to those that a comparison can run, after the others.
 *
 * @param row The arm.
 * @throws {RangeError} If its name makes no folder, or another arm has it.
 */
export function registerArm(row: ArmRow): void {
  if (!/^[a-z0-9][a-z0-9-]*$/.test(row.name)) {
    throw new RangeError(`Cannot add arm ${row.name}: expected a name of small letters, digits and dashes`);
  }
  if (row.name.startsWith("from-") || ROWS.some(({ name }) => name === row.name)) {
    throw new RangeError(`Cannot add arm ${row.name}: there is one of that name`);
  }
  ROWS.push(row);
}
