import type { Supernet } from "../../search/mod.ts";
import {
  type CostLimit,
  costOfDerivedNetwork,
  COUNTED_COSTS,
  type DerivedGenotype,
  deriveWithin,
  leastCost,
  limitOf,
  probesOf,
  type Space,
} from "../../spaces/mod.ts";
import { INFERENCE_TIMING, type Session, timeInference } from "../../stages/mod.ts";
import type { Task } from "../../tasks/mod.ts";
import { SIZE_NAMES, SIZE_WORDS, type SizeBudget, type SizedNetwork, type SizeName } from "./result.ts";

/** Rows of budgets; those of several costs hold at once, the i-th of each together. */
export type BudgetRows = { readonly [name in SizeName]?: readonly number[] | undefined };

/** A network that keeps to a budget. */
export interface Candidate extends DerivedGenotype, Pick<SizedNetwork, "parameters" | "macs" | "milliseconds"> {}

/** A budget, and the strongest networks that keep to it. Plain JSON data. */
export interface BudgetRow {
  /** The budget. */
  readonly budget: SizeBudget;
  /** The networks, the strongest first. */
  readonly candidates: readonly Candidate[];
}

/** Budgets where a user names none: enough to see where a curve bends. */
const DEFAULT_COUNT = 7;

/** Times that the limit of what is predicted is moved until what is measured just keeps to a limit of milliseconds. */
const MOST_TRIES = 10;

/** Shares of a limit that make no difference: a measurement is never the same twice. */
const CLOSE = 0.01;

/**
 * Puts budgets of several costs together: the i-th of each is one budget, and one that stands alone belongs to all.
 *
 * @param rows The budgets of each cost.
 * @returns The budgets, in the order in which they were given; none if there are none.
 * @throws {RangeError} If costs have different numbers of budgets.
 */
export function joinBudgets(rows: BudgetRows): SizeBudget[] {
  const given = SIZE_NAMES.flatMap((name) => rows[name] === undefined ? [] : [{ name, most: rows[name] }]);
  const count = Math.max(0, ...given.map(({ most }) => most.length));
  const odd = given.find(({ most }) => most.length !== 1 && most.length !== count);
  if (odd !== undefined) {
    throw new RangeError(
      `Cannot put budgets together: found ${odd.most.length} of ${
        SIZE_WORDS[odd.name]
      } and ${count} of another cost, ` +
        `expected as many of each, or one`,
    );
  }
  return Array.from(
    { length: count },
    (_, i) => Object.fromEntries(given.map(({ name, most }) => [name, most[most.length === 1 ? 0 : i]!])),
  );
}

/**
 * Derives the strongest networks within each budget. Limits of parameters and multiply-adds are kept exactly; milliseconds are
 * predicted from measured parts, then measured, and the prediction is corrected until what is measured just keeps to the limit.
 *
 * @param session Its engine is timed.
 * @param options The supernet; images to time with; budgets, or none for a row from the smallest network to the strongest; how many
 * networks a budget.
 * @returns One row a budget.
 * @throws {RangeError} If no network keeps to a budget; names the least that there is.
 * @throws {Interrupted} If asked to stop.
 */
export function deriveRows(
  session: Session,
  { supernet, task, budgets, count }: {
    supernet: Supernet;
    task: Task;
    budgets: readonly SizeBudget[];
    count: number;
  },
): BudgetRow[] {
  const { space } = supernet;
  const time = (networks: readonly DerivedGenotype[]) =>
    timeInference(session, networks.map(({ genotype }) => ({ space, genotype })), {
      ...INFERENCE_TIMING,
      images: task.train,
    });
  const isTimed = budgets.some(({ milliseconds }) => milliseconds !== undefined);
  const latencies = isTimed ? time(probesOf(space).map((genotype) => ({ genotype, strength: 0 }))) : [];
  const rows = (budgets.length > 0 ? budgets : spreadBudgets(supernet)).map((budget) => {
    const limits = COUNTED_COSTS.flatMap(({ name }) => {
      const most = budget[name];
      return most === undefined ? [] : [limitOf(space, name, most)];
    });
    const derive = (further: readonly CostLimit[]) =>
      deriveWithin(supernet.strengths(), space, { limits: [...limits, ...further], count });
    const { milliseconds: most } = budget;
    if (most === undefined) return { budget, found: derive([]), milliseconds: undefined };
    const limit = { words: SIZE_WORDS.milliseconds, most, probes: latencies };
    return {
      budget,
      ...deriveTimed(limit, {
        // A little more, for sums in another order differ in their last digits.
        least: 1.0001 * leastCost(space, limit),
        derive,
        time,
      }),
    };
  });
  // All at once, so that a machine that becomes slower is so to all of them.
  const untimed = rows.flatMap(({ found, milliseconds }) => milliseconds === undefined ? found : []);
  const timed = new Map(time(untimed).map((milliseconds, i) => [untimed[i]!, milliseconds]));
  return rows.map(({ budget, found, milliseconds }) => ({
    budget,
    candidates: found.map((one, i) => ({
      ...describe(one, space),
      milliseconds: milliseconds?.[i] ?? timed.get(one)!,
    })),
  }));
}

/** Budgets of parameters in equal ratios, from the smallest network to that for which alpha speaks. */
function spreadBudgets(supernet: Supernet): SizeBudget[] {
  const { space } = supernet;
  const largest = costOfDerivedNetwork({ space, genotype: supernet.genotype() }).parameters;
  const least = leastCost(space, limitOf(space, "parameters", largest));
  const budgets = Array.from(
    { length: DEFAULT_COUNT },
    (_, i) => Math.round(least * (largest / least) ** (i / (DEFAULT_COUNT - 1))),
  );
  return [...new Set(budgets)].map((parameters) => ({ parameters }));
}

/** What is derived and timed for a limit of milliseconds. */
interface Timed {
  readonly found: readonly DerivedGenotype[];
  readonly milliseconds: readonly number[];
}

/**
 * The strongest networks that were measured to keep to a limit of milliseconds.
 *
 * What parts take adds up to more or less than what a network takes, by a share that is much the same for networks of a size. So the
 * limit of what is predicted is moved, by the share that was seen and then between what was kept and what was not, until it is as
 * wide as it can be.
 */
function deriveTimed(
  limit: CostLimit,
  { least, derive, time }: {
    least: number;
    derive: (further: readonly CostLimit[]) => DerivedGenotype[];
    time: (networks: readonly DerivedGenotype[]) => number[];
  },
): Timed {
  const attempt = (predicted: number): Timed => {
    const found = derive(predicted === Infinity ? [] : [{ ...limit, most: predicted }]);
    return { found, milliseconds: time(found) };
  };
  const strongest = attempt(Infinity);
  if (strongest.milliseconds.every((milliseconds) => milliseconds <= limit.most)) return strongest;
  let [low, high, predicted] = [least, Infinity, Math.max(least, limit.most)];
  let best: Timed | undefined;
  let fastest = Infinity;
  for (let i = 0; i < MOST_TRIES && (high - low > CLOSE * low || best === undefined); i++) {
    const tried = attempt(predicted);
    const [first] = tried.milliseconds as [number];
    fastest = Math.min(fastest, ...tried.milliseconds);
    if (first <= limit.most) [low, best] = [predicted, keepTo(limit.most, tried)];
    else high = predicted;
    if (high === least) break;
    const inProportion = predicted * limit.most / first;
    predicted = inProportion > low && inProportion < high ? inProportion : Math.min((low + high) / 2, 2 * low);
  }
  if (best !== undefined) return best;
  throw new RangeError(
    `Cannot derive a network of at most ${limit.most} milliseconds: the fastest found takes ${
      fastest.toPrecision(3)
    } on this machine`,
  );
}

function keepTo(most: number, { found, milliseconds }: Timed): Timed {
  const kept = milliseconds.flatMap((one, i) => one <= most ? [i] : []);
  return { found: kept.map((i) => found[i]!), milliseconds: kept.map((i) => milliseconds[i]!) };
}

function describe(one: DerivedGenotype, space: Space) {
  const cost = costOfDerivedNetwork({ space, genotype: one.genotype });
  return { ...one, parameters: cost.parameters, macs: cost.multiplyAdds };
}
