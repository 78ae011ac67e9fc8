import { initialiseNetwork } from "../network/mod.ts";
import { createMethod, type SearchMethod, spaceForMethod, splitAlpha } from "../search/mod.ts";
import { describeSizes, type Space } from "../spaces/mod.ts";
import {
  bilevelSettings,
  type BudgetGroup,
  DEFAULT_SEARCH,
  DEFAULT_SIZES,
  hasStalled,
  isRunResult,
  makeResult,
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
import { openTask, type Task } from "../tasks/mod.ts";
import { SUPERNET_FILE } from "../zoo/mod.ts";

/** What is searched for and how. */
export interface SearchOptions {
  /** Dataset: name or folder. */
  readonly data: string;
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
  const task = await openTask(session.engine, [data]);
  const space = spaceForMethod(options.search.method, spaceFor(task, options.sizes));
  const method = createMethod(options.search.method, space);
  const text = `searching ${data}: ${describeSizes(space)}, ${options.search.epochs} epochs`;
  session.emit({ type: "stage", stage: "search", text });
  const outcome = await searchFor(session, { task, space, method, options });
  await writeSupernet(session, outcome, { method });
  const { space: found, genotype, start, history } = outcome;
  const result: RunResult = {
    ...makeResult(session, { data, seed: options.seed, space: found, genotype, history }),
    start,
    validAccuracy: history.at(-1)!.validAccuracy,
    space: found,
    method: method.name,
  };
  await session.run.writeResult(result);
  return result;
}

/** Searches from scratch, from wherever the run stands. */
async function searchFor(
  session: Session,
  { task, space, method, options }: { task: Task; space: Space; method: SearchMethod; options: SearchOptions },
): Promise<SupernetOutcome> {
  const { search, budget: { maxParameters }, seed } = options;
  const { head = "random", patience, trainPortion, validations } = search;
  return await runSupernetStage(session, {
    task,
    space,
    method,
    maxParameters,
    plan: searchPlan(search),
    settings: bilevelSettings(task, search),
    seed,
    trainPortion,
    validations,
    start: (network, images) => {
      initialiseNetwork(network, seed);
      const started = { alpha: method.initialAlpha(session.engine, seed), batchesTracked: 0 };
      return startHead(session, network, { started, images, head, method, seed });
    },
    hasSettled: (history) => hasStalled(history, patience),
  }, await session.load(task.fingerprint));
}

/** Writes a searched supernet and its architecture into the run's folder. */
export async function writeSupernet(
  session: Session,
  { space, state, alpha, genotype }: SupernetOutcome,
  { method }: { method: SearchMethod },
): Promise<void> {
  const tensors = new Map([...state, ...splitAlpha(alpha, method.parameters)]);
  await session.run.writeTensors(SUPERNET_FILE, tensors, {
    format: "rootstock-supernet-1",
    space: JSON.stringify(space),
    method: method.name,
  });
  await session.run.writeGenotype(genotype);
}
