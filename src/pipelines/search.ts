import { initialiseNetwork } from "../network/mod.ts";
import { type Space, splitAlpha } from "../spaces/mod.ts";
import { createMethod, type HeadStart, type SearchMethod } from "../search/mod.ts";
import {
  type BilevelChoices,
  bilevelSettings,
  DEFAULT_BILEVEL,
  DEFAULT_SIZES,
  hasStalled,
  makeResult,
  type RunResult,
  runSupernetStage,
  searchPlan,
  type Session,
  type SizeOptions,
  spaceFor,
  startHead,
  type SupernetOutcome,
} from "../stages/mod.ts";
import { SUPERNET_FILE } from "../zoo/mod.ts";
import { openTask, type Task } from "../tasks/mod.ts";

/** What is searched for and how. */
export interface SearchOptions extends SizeOptions, BilevelChoices {
  /** Dataset: name or folder. */
  readonly data: string;
  /** Where the head comes from ({@linkcode HeadStart}). */
  readonly head: HeadStart;
  /** Number of epochs. */
  readonly epochs: number;
  /** Epochs without a better validation accuracy after which the search stops; 0: never. */
  readonly patience: number;
  /** Most parameters of the derived network; no limit if left out. */
  readonly maxParameters?: number;
  /** The user's seed. */
  readonly seed: number;
}

/** Defaults of a search. */
export const SEARCH_DEFAULTS: Omit<SearchOptions, "data"> = {
  ...DEFAULT_SIZES,
  ...DEFAULT_BILEVEL,
  head: "random",
  epochs: 10,
  patience: 0,
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
  const finished = await session.run.result();
  if (finished !== undefined) return finished as RunResult;
  const { data } = options;
  const task = await openTask(session.engine, [data]);
  const space = spaceFor(task, options);
  const method = createMethod(options.method, space);
  const text = `searching ${data}: ${space.cells} cells, ${space.channels} channels, ${options.epochs} epochs`;
  session.emit({ type: "stage", stage: "search", text });
  const outcome = await searchFor(session, { task, space, method, options });
  await writeSupernet(session, outcome, { space, method });
  const { genotype, start, history } = outcome;
  const result: RunResult = {
    ...makeResult(session, { data, seed: options.seed, space, genotype, history }),
    start,
    validAccuracy: history.at(-1)!.validAccuracy,
    space,
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
  const { seed, epochs, patience, head } = options;
  return await runSupernetStage(session, {
    task,
    space,
    method,
    maxParameters: options.maxParameters,
    plan: searchPlan(epochs, options),
    settings: { ...bilevelSettings(task, options), refitsHead: head === "refitted" },
    seed,
    trainPortion: options.weightShare,
    validations: options.validations,
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
