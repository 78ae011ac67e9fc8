import { initialiseNetwork } from "../network/mod.ts";
import { type Space, splitAlpha } from "../spaces/mod.ts";
import { createMethod, type SearchMethod } from "../search/mod.ts";
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
import { SUPERNET_FILE } from "../zoo/mod.ts";
import { openTask } from "../tasks/mod.ts";

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
 * @param session Where.
 * @param options What and how.
 * @returns The result; that of before if the run was finished already.
 * @throws {Interrupted} After saving, if asked to stop.
 * @throws {DataError | RunError | RangeError} If something given does not fit; one line.
 */
export async function search(session: Session, options: SearchOptions): Promise<RunResult> {
  const finished = await session.finishedResult(isRunResult);
  if (finished !== undefined) return finished;
  const { seed, data } = options;
  const { head = "random", patience, trainPortion, validations } = options.search;
  const task = await openTask(session.engine, data);
  const space = spaceFor(task.dataset, options.sizes);
  const method = createMethod(options.search.method, space);
  const text = `searching ${data}: ${space.cells} cells, ${space.channels} channels, ${options.search.epochs} epochs`;
  session.emit({ type: "stage", stage: "search", text });
  const outcome = await runSupernetStage(session, {
    task,
    space,
    method,
    maxParameters: options.budget.maxParameters,
    plan: searchPlan(options.search),
    settings: bilevelSettings(task.dataset, options.search),
    seed,
    trainPortion,
    validations,
    start: (network, images) => {
      initialiseNetwork(network, seed);
      const started = { alpha: method.initialAlpha(session.engine, seed), batchesTracked: 0 };
      return startHead(session, network, { started, images, head, method, seed });
    },
    hasSettled: (history) => hasStalled(history, patience),
  }, await session.load(task.dataset.fingerprint));
  await writeSupernet(session, outcome, { space, method });
  const result: RunResult = {
    ...makeResult(session, { data, seed, space, genotype: outcome.genotype, history: outcome.history }),
    before: outcome.before,
    validAccuracy: outcome.history.at(-1)!.validAccuracy,
    space,
    method: method.name,
  };
  await session.run.writeResult(result);
  return result;
}

/** Writes a searched supernet and its architecture into the run's folder. */
export async function writeSupernet(
  session: Session,
  { state, alpha, genotype }: SupernetOutcome,
  { space, method }: { space: Space; method: SearchMethod },
): Promise<void> {
  const tensors = new Map([...state, ...splitAlpha(alpha, method.alphaTensors)]);
  await session.run.writeTensors(SUPERNET_FILE, tensors, {
    format: "rootstock-supernet-1",
    space: JSON.stringify(space),
    method: method.name,
  });
  await session.run.writeGenotype(genotype);
}
