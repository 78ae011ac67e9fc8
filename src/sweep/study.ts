import { deriveSeed } from "../network/mod.ts";

/** Value of a flag. */
export type FlagValue = string | number | boolean | readonly string[] | readonly number[];

/** Values by the camelCase name of the flag. */
export type FlagValues = Readonly<Record<string, FlagValue>>;

/** From what values of a flag are drawn. */
export type Draw =
  | { readonly of: readonly FlagValue[] }
  | {
    readonly from: number;
    readonly to: number;
    /** `log`: as many below the geometric mean as above it. */
    readonly scale: "linear" | "log";
    /** Whether only whole numbers are drawn. */
    readonly isWhole: boolean;
  };

/** What a flag must be, for a condition to hold: one of some values, or within bounds. */
export type Wanted = readonly FlagValue[] | { readonly from?: number | undefined; readonly to?: number | undefined };

/** What several flags must be at once. */
export type Condition = Readonly<Record<string, Wanted>>;

/** What trials must be like: those that are not are left out. */
export type Constraint =
  | { readonly if: Condition; readonly then: Condition }
  | { readonly not: Condition };

/** When trials that lag behind are stopped (asynchronous successive halving, Li et al. 2020, its stopping variant). */
export interface Halving {
  /** Figure of an epoch that counts, such as `validAccuracy`; of one whose name ends in `Loss` less is better. */
  readonly metric: string;
  /** Epochs of the first look; the next ones are `factor` times as late each. */
  readonly from: number;
  /** One in so many goes on from each look. */
  readonly factor: number;
}

/** What is to be run: every setting of the grid, with every row of each pairing, every draw and every repeat. */
export interface Study {
  /** Command, such as `transfer`. */
  readonly command: string;
  /** What all trials have in common. */
  readonly settings: FlagValues;
  /** Values of each flag; every combination is run. */
  readonly grid: Readonly<Record<string, readonly FlagValue[]>>;
  /** Values of flags that go together: the first with the first, and so on. */
  readonly paired: readonly Readonly<Record<string, readonly FlagValue[]>>[];
  /** Settings drawn at random, the same ones for each combination of the others. */
  readonly random?: {
    readonly count: number;
    readonly seed: number;
    readonly flags: Readonly<Record<string, Draw>>;
  } | undefined;
  /** Runs of each combination, whose seeds follow on from `seed`. */
  readonly repeats: number;
  /** What trials must be like. */
  readonly constraints: readonly Constraint[];
  /** Whether trials that lag are stopped. */
  readonly halving?: Halving | undefined;
}

/** Seed of a run that is given none. */
const FIRST_SEED = 0;

/**
 * Lists the settings of all trials of a study.
 *
 * @param study The study.
 * @returns Values of flags, in a fixed order; each combination once.
 */
export function expandStudy(study: Study): FlagValues[] {
  const { settings, grid, paired, repeats, constraints } = study;
  let rows: FlagValues[] = [settings];
  const cross = (columns: readonly FlagValues[]) =>
    rows = rows.flatMap((row) => columns.map((c) => ({ ...row, ...c })));
  for (const [flag, values] of Object.entries(grid)) cross(values.map((value) => ({ [flag]: value })));
  for (const group of paired) cross(rowsOf(group));
  if (study.random !== undefined) cross(drawRows(study.random));
  if (repeats > 1) {
    rows = rows.flatMap((row) =>
      Array.from({ length: repeats }, (_, i) => ({ ...row, seed: Number(row.seed ?? FIRST_SEED) + i }))
    );
  }
  const kept = rows.filter((row) => constraints.every((constraint) => meets(row, constraint)));
  return [...new Map(kept.map((row) => [JSON.stringify(Object.entries(row).sort()), row])).values()];
}

/** The first values of all flags, the second ones, and so on. */
function rowsOf(group: Readonly<Record<string, readonly FlagValue[]>>): FlagValues[] {
  const [first = []] = Object.values(group);
  return first.map((_, i) => Object.fromEntries(Object.entries(group).map(([flag, values]) => [flag, values[i]!])));
}

function drawRows({ count, seed, flags }: NonNullable<Study["random"]>): FlagValues[] {
  // Each flag has numbers of its own, so that another flag beside it changes nothing of what is drawn.
  return Array.from(
    { length: count },
    (_, i) =>
      Object.fromEntries(
        Object.entries(flags).map(([flag, draw]) => [flag, valueAt(draw, deriveSeed(seed, `${flag} ${i}`) / 2 ** 32)]),
      ),
  );
}

/** The value at a place of a distribution, 0 to 1. */
function valueAt(draw: Draw, place: number): FlagValue {
  if ("of" in draw) return draw.of[Math.floor(place * draw.of.length)]!;
  const { from, to, scale, isWhole } = draw;
  const [low, high] = isWhole ? [from, to + 1] : [from, to];
  const value = scale === "log" ? low * (high / low) ** place : low + place * (high - low);
  // Six digits are enough to tell settings apart, and can be read.
  return isWhole ? Math.min(to, Math.floor(value)) : Number(Math.min(to, Math.max(from, value)).toPrecision(6));
}

function meets(row: FlagValues, constraint: Constraint): boolean {
  if ("not" in constraint) return !holds(row, constraint.not);
  return !holds(row, constraint.if) || holds(row, constraint.then);
}

function holds(row: FlagValues, condition: Condition): boolean {
  return Object.entries(condition).every(([flag, wanted]) => {
    const value = row[flag];
    if (Array.isArray(wanted)) return wanted.some((one) => JSON.stringify(one) === JSON.stringify(value));
    const { from = -Infinity, to = Infinity } = wanted as { from?: number; to?: number };
    return typeof value === "number" && value >= from && value <= to;
  });
}
