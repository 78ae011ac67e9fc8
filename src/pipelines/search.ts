import { initialiseNetwork } from "../network/mod.ts";
import { describeSizes } from "../spaces/mod.ts";
import { createMethod, type HeadStart, type SearchMethod, spaceForMethod, splitAlpha } from "../search/mod.ts";
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
import { openTask } from "../tasks/mod.ts";

/** What is searched for and how. */
export interface SearchOptions extends SizeOptions, BilevelChoices {
  /** Dataset: name or folder. */
  readonly data: string;
  /** Where the head comes from; random as in DARTS, or fitted in closed form. */
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
 * @param session Where.
 * @param options What and how.
 * @returns The result; that of before if the run was finished already.
 * @throws {Interrupted} After saving, if asked to stop.
 * @throws {DataError | RunError | RangeError} If something given does not fit; one line.
 */
export async function search(session: Session, options: SearchOptions): Promise<RunResult> {
  const finished = await session.run.result();
  if (finished !== undefined) return finished as RunResult;
  const { seed, epochs, patience, data } = options;
  const task = await openTask(session.engine, data);
  const space = spaceForMethod(options.method, spaceFor(task.dataset, options));
  const method = createMethod(options.method, space);
  const text = `searching ${data}: ${describeSizes(space)}, ${epochs} epochs`;
  session.emit({ type: "stage", stage: "search", text });
  const outcome = await runSupernetStage(session, {
    task,
    space,
    method,
    maxParameters: options.maxParameters,
    plan: searchPlan(epochs, options),
    settings: { ...bilevelSettings(task.dataset, options), refitsHead: options.head === "refitted" },
    seed,
    weightShare: options.weightShare,
    validations: options.validations,
    start: (network, images) => {
      initialiseNetwork(network, seed);
      const started = { alpha: method.initialAlpha(session.engine, seed), batchesTracked: 0 };
      return startHead(session, network, { started, images, head: options.head, method, seed });
    },
    hasSettled: (history) => hasStalled(history, patience),
  }, await session.load(task.dataset.fingerprint));
  await writeSupernet(session, outcome, { method });
  const result: RunResult = {
    ...makeResult(session, { data, seed, space: outcome.space, genotype: outcome.genotype, history: outcome.history }),
    ...(outcome.before && { before: outcome.before }),
    validAccuracy: outcome.history.at(-1)!.validAccuracy,
    space: outcome.space,
    method: method.name,
  };
  await session.run.writeResult(result);
  return result;
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
