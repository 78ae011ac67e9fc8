import type { RunEvent } from "../run/mod.ts";
import { cellsOf, checkSpace, groupsOf, type Space } from "../spaces/mod.ts";
import type { RunResult } from "../stages/mod.ts";

/** How strongly alpha spoke at the end of an epoch. */
export interface AlphaFrame {
  /** Epochs done; 0 before the first. */
  readonly epoch: number;
  /** A number for each candidate, matrix by matrix, row by row. */
  readonly strengths: readonly number[];
}

/** The candidates of a cell: a row an edge, a column an operation. */
export interface AlphaMatrix {
  /** What it is of, such as `Normal cell`. */
  readonly title: string;
  /** Words of the rows. */
  readonly groups: readonly string[];
  /** Words of the columns. */
  readonly candidates: readonly string[];
  /** Where its first strength is in a frame. */
  readonly offset: number;
  /** For each row the number of the sum that it is a term of. */
  readonly sums: readonly number[];
  /** Whether a candidate, by row and column, is in the architecture that was derived. */
  readonly isChosen: (row: number, column: number) => boolean;
}

/** What alpha said of each candidate while a supernet learnt. */
export interface AlphaHistory {
  /** Moments in order of time, at least one. */
  readonly frames: readonly AlphaFrame[];
  /** The matrices whose strengths a frame holds. */
  readonly matrices: readonly AlphaMatrix[];
}

/**
 * Finds what a run's history keeps of alpha.
 *
 * @param events The history: files of earlier versions keep nothing of it.
 * @param result Result of the run: its space gives the numbers their places, its architecture says what came of them.
 * @returns The history of alpha; undefined if there is none, or if space or numbers do not fit each other.
 */
export function alphaHistoryOf(
  events: readonly RunEvent[],
  { space, genotype }: Pick<RunResult, "genotype"> & { readonly space?: unknown },
): AlphaHistory | undefined {
  const layout = layoutOf(space);
  if (layout === undefined) return undefined;
  const frames = framesOf(events, layout.exists.length);
  if (frames.length === 0) return undefined;
  return { frames, matrices: matricesOf(layout, genotype) };
}

interface Layout extends ReturnType<typeof groupsOf> {
  readonly name: string;
}

/** The layout of a space from a file; undefined if it is none that this version knows. */
function layoutOf(value: unknown): Layout | undefined {
  let space: Space;
  try {
    space = checkSpace(value);
  } catch {
    return undefined;
  }
  return { ...groupsOf(space), name: space.name };
}

function framesOf(events: readonly RunEvent[], count: number): AlphaFrame[] {
  return events.flatMap(({ type, epoch, strengths }): AlphaFrame[] => {
    if ((type !== "start" && type !== "epoch") || typeof epoch !== "number") return [];
    const isRight = Array.isArray(strengths) && strengths.length === count && strengths.every(Number.isFinite);
    return isRight ? [{ epoch, strengths }] : [];
  });
}

function matricesOf({ tensors, labels, sums, name }: Layout, genotype: RunResult["genotype"]): AlphaMatrix[] {
  const cells = cellsOf(genotype, name);
  let [offset, firstRow] = [0, 0];
  return tensors.map(({ name, shape: [rows, columns] }, i) => {
    const numbered = (word: string, count: number) => Array.from({ length: count }, (_, k) => `${word} ${k + 1}`);
    const { title, groups, candidates } = labels?.[i] ??
      { title: name, groups: numbered("place", rows), candidates: numbered("candidate", columns) };
    const cell = cells.find(({ name }) => name === title);
    const chosen = new Set(
      cell?.edges.map(({ from, to, label }) => `${nameOf(cell, from)} to ${nameOf(cell, to)}: ${label}`),
    );
    const matrix: AlphaMatrix = {
      title,
      groups,
      candidates,
      offset,
      sums: sums.slice(firstRow, firstRow + rows),
      isChosen: (row, column) => chosen.has(`${groups[row]}: ${candidates[column]}`),
    };
    [offset, firstRow] = [offset + rows * columns, firstRow + rows];
    return matrix;
  });
}

function nameOf({ states }: ReturnType<typeof cellsOf>[number], state: number): string {
  return states[state]!.name;
}
