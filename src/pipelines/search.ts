import { countOf } from "../text/mod.ts";
import type { ImportSettings } from "../data/mod.ts";
import { initialiseNetwork } from "../network/mod.ts";
import { Supernet } from "../search/mod.ts";
import { describeSizes } from "../spaces/mod.ts";
import {
  bilevelSettings,
  type BudgetGroup,
  DEFAULT_IMAGES,
  DEFAULT_SEARCH,
  DEFAULT_SIZES,
  describeLimit,
  FILES_SECONDS,
  hasStalled,
  isRunResult,
  lastWork,
  type LearningGroups,
  makeResult,
  openRunTask,
  type RunResult,
  runSupernetStage,
  type SearchGroup,
  searchPlan,
  type Session,
  type SizeGroup,
  spaceFor,
  startHead,
  type SupernetOutcome,
} from "../stages/mod.ts";
import type { Task } from "../tasks/mod.ts";
import { writeSupernet } from "../zoo/mod.ts";

/** What is searched for and how. */
export interface SearchOptions extends LearningGroups {
  /** Dataset: name or folder. */
  readonly data: string;
  /** How pictures become images. */
  readonly images: ImportSettings;
  /** Sizes of the supernet. */
  readonly sizes: SizeGroup;
  /** How it is searched; patience is for a better validation accuracy. */
  readonly search: SearchGroup;
  /** What the derived network must not exceed. */
  readonly budget: BudgetGroup;
  /** The user's seed. */
  readonly seed: number;
}

/** Defaults of a search. */
export const SEARCH_DEFAULTS: Omit<SearchOptions, "data"> = {
  images: DEFAULT_IMAGES,
  sizes: DEFAULT_SIZES,
  search: DEFAULT_SEARCH,
  budget: {},
  seed: 0,
};

/**
 * Searches an architecture from scratch. The run's folder gets `genotype.json`, `supernet.safetensors`, `result.json`.
 *
 * @param session The run and its engine.
 * @param options Dataset, sizes, settings of the search.
 * @returns The result; that of before if the run was finished already.
 * @throws {Interrupted} After saving, if asked to stop.
 * @throws {DataError | RunError | RangeError} If something given does not fit; one line.
 */
export async function search(session: Session, options: SearchOptions): Promise<RunResult> {
  const finished = await session.finishedResult(isRunResult);
  if (finished !== undefined) return finished;
  const { data } = options;
  const task = await openRunTask(session, [data], options);
  const { method, epochs } = options.search;
  const blank = Supernet.blank(method, spaceFor(task, options.sizes), { engine: session.engine, seed: options.seed });
  const text = `searching ${data}: ${describeSizes(blank.space)}, ${countOf(epochs, "epoch")}`;
  session.emit({ type: "stage", stage: "search", text });
  const outcome = await searchFor(session, { task, blank, options });
  await writeSearched(session, outcome);
  const { supernet: { space }, genotype, start, history, cut } = outcome;
  const result: RunResult = {
    ...makeResult(session, { task, data, seed: options.seed, space, genotype, history }),
    start,
    validAccuracy: history.at(-1)!.validAccuracy,
    space,
    method,
    timeLimit: describeLimit(options.budget.timeLimit, [cut]),
  };
  await session.run.writeResult(result);
  return result;
}

/** Searches from scratch, from wherever the run stands. */
async function searchFor(
  session: Session,
  { task, blank, options }: { task: Task; blank: Supernet; options: SearchOptions },
): Promise<SupernetOutcome> {
  const { search, budget: { maxParameters, timeLimit }, seed } = options;
  const { head = "random", patience, trainPortion, validations } = search;
  return await runSupernetStage(session, {
    task,
    blank,
    maxParameters,
    plan: searchPlan(search),
    planFor: (epochs) => searchPlan({ ...search, epochs }),
    time: timeLimit === undefined ? undefined : { limit: timeLimit, later: lastWork(FILES_SECONDS), isFirst: true },
    settings: bilevelSettings(task, search, options.weights),
    seed,
    trainPortion,
    validations,
    table: search.table,
    start: (network, images) => {
      initialiseNetwork(network, seed);
      const started = { alpha: blank.alpha, batchesTracked: 0 };
      return startHead(session, network, { started, images, head, blank, seed });
    },
    hasSettled: (history) => hasStalled(history, patience),
  }, await session.load(task.fingerprint));
}

/** Writes a searched supernet and its architecture into the run's folder. */
export async function writeSearched({ run }: Session, { supernet, genotype }: SupernetOutcome): Promise<void> {
  await writeSupernet(run, supernet);
  await run.writeGenotype(genotype);
}
