import { initialiseNetwork } from "../network/mod.ts";
import { createMethod } from "../search/mod.ts";
import { type Card, checkEntryName, writeZooEntry } from "../transfer/mod.ts";
import { makeResult, type RunResult } from "./result.ts";
import { SEARCH_DEFAULTS, type SearchOptions, writeSupernet } from "./search.ts";
import type { Session } from "./session.ts";
import { bilevelSettings, searchPlan, spaceFor } from "./settings.ts";
import { signSources } from "./signature.ts";
import { hasStalled } from "./stalled.ts";
import { runSupernetStage } from "./supernet_stage.ts";
import { openTask } from "./task.ts";
import { zooCodec } from "./zoo.ts";

/** What a supernet is pretrained on and how. */
export interface PretrainOptions extends SearchOptions {
  /** Name of the entry. */
  readonly name: string;
  /** Folder of the zoo; that of the project if left out. */
  readonly zoo?: string;
}

/** Defaults of a pretraining: long enough to become flat, and it stops there. */
export const PRETRAIN_DEFAULTS: Omit<PretrainOptions, "data" | "name"> = {
  ...SEARCH_DEFAULTS,
  epochs: 30,
  patience: 6,
};

/**
 * Pretrains a supernet on one dataset and adds it to a zoo.
 *
 * @param session Where.
 * @param options What and how.
 * @returns The result with the card of the entry; that of before if the run was finished already.
 * @throws {Interrupted} After saving, if asked to stop.
 * @throws {DataError | RunError | RangeError} If something given does not fit; one line.
 */
export async function pretrain(session: Session, options: PretrainOptions): Promise<RunResult & { card: Card }> {
  const finished = await session.run.result();
  if (finished !== undefined) return finished as RunResult & { card: Card };
  const { seed, epochs, patience, data, name, zoo } = options;
  checkEntryName(name);
  const task = await openTask(session.engine, data);
  const { dataset } = task;
  const space = spaceFor(dataset, options);
  const method = createMethod(options.method, space);
  const settings = bilevelSettings(task.dataset, options);
  session.emit({ type: "stage", stage: "search", text: `pretraining on ${data}: at most ${epochs} epochs` });
  const outcome = await runSupernetStage(session, {
    task,
    space,
    method,
    plan: searchPlan(epochs, options),
    settings,
    seed,
    weightShare: options.weightShare,
    start: (network) => {
      initialiseNetwork(network, seed);
      return { alpha: method.initialAlpha(session.engine, seed), batchesTracked: 0 };
    },
    hasSettled: (history) => hasStalled(history, patience),
  }, await session.load(dataset.fingerprint));
  await writeSupernet(session, outcome, { space, method });
  const last = outcome.history.at(-1)!;
  const common = makeResult(session, { data, seed, space, genotype: outcome.genotype, curve: outcome.history });
  const card = await writeZooEntry({
    card: {
      name,
      space,
      method: method.name,
      sources: [{
        name: dataset.name,
        classes: dataset.classes,
        origin: dataset.source,
        licence: dataset.licence,
        fingerprint: dataset.fingerprint,
        mean: task.train.mean,
        std: task.train.std,
      }],
      recipe: {
        command: "pretrain",
        seed,
        build: common.build,
        epochs,
        patience,
        learningRate: options.learningRate,
        augmentation: dataset.augmentation,
        ...settings,
      },
      metrics: {
        epochs: common.epochs,
        trainLoss: last.trainLoss,
        validLoss: last.validLoss,
        validAccuracy: last.validAccuracy,
      },
    },
    state: outcome.state,
    alpha: outcome.alpha,
    signatures: signSources(session.engine, [dataset], seed),
  }, { codec: zooCodec, ...(zoo !== undefined && { folder: zoo }) });
  const result = { ...common, validAccuracy: last.validAccuracy, space, method: method.name, card };
  await session.run.writeResult(result);
  return result;
}
