import type { CandidateGroups } from "../../spaces/mod.ts";

/** A group of candidates within the layout of the mixing weights: a row of one of its matrices. */
export interface Row {
  /** Index of its first candidate. */
  readonly start: number;
  /** Index after its last one. */
  readonly end: number;
  /** Candidates that it has, by index; what was pruned away is not among them. */
  readonly held: readonly number[];
  /** Number of its matrix. */
  readonly tensor: number;
}

/**
 * The groups of a layout, one after another.
 *
 * @param groups The layout.
 * @returns One row a group, in the order of `sums`.
 */
export function rowsOf({ tensors, exists }: Pick<CandidateGroups, "tensors" | "exists">): Row[] {
  const rows: Row[] = [];
  let start = 0;
  for (const [tensor, { shape: [count, columns] }] of tensors.entries()) {
    for (let row = 0; row < count; row++, start += columns) {
      const end = start + columns;
      const held = Array.from({ length: columns }, (_, i) => start + i).filter((i) => exists[i]);
      rows.push({ start, end, held, tensor });
    }
  }
  return rows;
}

/**
 * Which groups are terms of one sum.
 *
 * @param sums For each group the number of its sum.
 * @returns For each sum its groups, by index.
 */
export function setsOfSums(sums: CandidateGroups["sums"]): number[][] {
  return [...new Set(sums)].map((sum) => sums.flatMap((other, group) => other === sum ? [group] : []));
}

/**
 * Index of the largest of some numbers, of equal ones the first.
 *
 * @param values The numbers.
 * @param among Indices that are looked at, at least one.
 * @returns One of them.
 */
export function strongestOf(values: ArrayLike<number>, among: readonly number[]): number {
  return among.reduce((best, i) => values[i]! > values[best]! ? i : best);
}
