import type { Network } from "../engine/mod.ts";
import { asState, collectNetwork, collectState, type EpochPlan, restoreNetwork, type State } from "../network/mod.ts";
import { buildSupernet, type Genotype, type Space } from "../spaces/mod.ts";
import type { TensorLike } from "../formats/mod.ts";
import { type LabelledImages, type SearchTask, splitForSearch, splitMixture } from "../tasks/mod.ts";
import {
  BilevelSearch,
  type BilevelSettings,
  decodeSearchState,
  encodeSearchState,
  type EpochReport,
  type FittedHead,
  isOfFittedHead,
  type SearchMethod,
  type SearchProgress,
} from "../search/mod.ts";
import { driveEpochs, figuresOf, recordStart } from "./epochs.ts";
import type { EpochRecord } from "./types.ts";
import type { Session, StageProgress } from "./session.ts";

/** An epoch of a search, with the architecture that would have been derived at its end. */
export interface SearchRecord extends EpochRecord {
  /** The architecture. */
  readonly genotype: Genotype;
  /** Mean loss on the images from which alpha learns. */
  readonly validLoss: number;
  /** Share of them classified rightly. */
  readonly validAccuracy: number;
}

/** The images from which weights learn. */
export interface WeightImages {
  /** Images, labels, normalisation. */
  readonly data: LabelledImages;
  /** Which of them. */
  readonly indices: Uint32Array;
  /** Images a batch. */
  readonly batch: number;
}

/** A supernet with the alpha to start with. */
export interface StartedSupernet {
  /** Architecture parameters. */
  readonly alpha: Float32Array;
  /** Training-mode passes that the running statistics have seen. */
  readonly batchesTracked: number;
  /** How well its head does, if it was fitted to the images. */
  readonly head?: FittedHead;
}

/** What a supernet is optimised for and how. */
export interface SupernetStageOptions {
  /** Images. */
  readonly task: SearchTask;
  /** Sizes of the supernet. */
  readonly space: Space;
  /** Search method. */
  readonly method: SearchMethod;
  /** Most parameters of the derived network; no limit if left out. */
  readonly maxParameters?: number | undefined;
  /** One entry an epoch. */
  readonly plan: readonly EpochPlan[];
  /** How weights and alpha learn. */
  readonly settings: BilevelSettings;
  /** Share of the training images from which the weights learn. */
  readonly trainPortion: number;
  /** Validations of the first epoch, see {@linkcode DriveOptions}. */
  readonly validations: number;
  /** The user's seed. */
  readonly seed: number;
  /** Fills the network and gives the alpha to start with; and how well the head does, if it was fitted to the images. */
  readonly start: (network: Network, images: WeightImages) => StartedSupernet;
  /** Whether the epochs left can be spared. */
  readonly hasSettled?: (history: readonly SearchRecord[]) => boolean;
}

/** A searched supernet. */
export interface SupernetOutcome {
  /** Weights, running statistics and their counters. */
  readonly state: State;
  /** Architecture parameters. */
  readonly alpha: Float32Array;
  /** Architecture derived from them. */
  readonly genotype: Genotype;
  /** What the fitted head could do before the first epoch; absent for a random one. */
  readonly before?: EpochRecord | undefined;
  /** All epochs. */
  readonly history: readonly SearchRecord[];
}

const STAGE = "search";

interface StageState {
  readonly search: SearchProgress;
  readonly history: readonly SearchRecord[];
  readonly before?: EpochRecord;
  readonly within?: readonly EpochRecord[];
}

/**
 * Optimises a supernet's weights and architecture together, from wherever the checkpoint left off.
 *
 * @param session Where.
 * @param options What and how.
 * @param checkpoint Checkpoint of this stage, if there is one.
 * @returns The supernet.
 * @throws {Interrupted} After saving, if asked to stop.
 * @throws {RangeError} If sizes do not fit each other, or a loss is no longer finite.
 */
export async function runSupernetStage(
  session: Session,
  options: SupernetStageOptions,
  checkpoint?: { tensors: Map<string, TensorLike>; progress: StageProgress },
): Promise<SupernetOutcome> {
  const { engine } = session;
  const { task, space, method, plan, settings, seed, maxParameters, trainPortion: portion } = options;
  const { mixture } = task;
  const parts = mixture
    ? splitMixture(engine, mixture, { seed, portion })
    : splitForSearch(engine, task.trainIndices.length, { seed, portion });
  const network = engine.compile(buildSupernet(space, mixture?.heads), {
    batch: settings.batch,
    ...(session.memoryBytes !== undefined && { memoryBytes: session.memoryBytes }),
  });
  try {
    const begin: StartedSupernet = checkpoint
      ? { alpha: method.initialAlpha(engine, seed), batchesTracked: 0 }
      : options.start(network, {
        data: task.train,
        indices: parts.weights instanceof Uint32Array ? parts.weights : parts.weights.at(0),
        batch: settings.batch,
      });
    const search = new BilevelSearch({
      engine,
      network,
      space,
      method,
      maxParameters,
      alpha: begin.alpha,
      data: task.train,
      weightIndices: parts.weights,
      alphaIndices: parts.alpha,
      ...("validation" in parts && { validation: parts.validation }),
      augment: task.dataset.augmentation,
      settings,
      plan,
      seed,
    }, begin.batchesTracked);
    const history: SearchRecord[] = [];
    const within: EpochRecord[] = [];
    let before: EpochRecord | undefined;
    if (checkpoint) {
      const state = checkpoint.progress.state as StageState;
      restoreNetwork(network, checkpoint.tensors, (name) => name.startsWith("alpha") || isOfFittedHead(name));
      search.restore(decodeSearchState(asState(checkpoint.tensors), state.search, method));
      history.push(...state.history);
      within.push(...state.within ?? []);
      before = state.before;
    } else if (begin.head) {
      before = await recordStart(session, { stage: STAGE, head: begin.head, validation: search.evaluate() });
    }
    await driveEpochs(session, search, {
      stage: STAGE,
      epochs: plan.length,
      history,
      within: { validations: options.validations, records: within },
      describe: (report, seconds) => describe(report, seconds, mixture?.names),
      ...(options.hasSettled && { hasSettled: options.hasSettled }),
      snapshot: () => {
        const { tensors, progress } = encodeSearchState(search.state(), method);
        const state: StageState = { search: progress, history, within, ...(before && { before }) };
        return {
          tensors: new Map([...collectNetwork(network, search.batchesTracked), ...tensors]),
          progress: { stage: STAGE, fingerprint: task.dataset.fingerprint, state, before: null },
        };
      },
    });
    search.adoptHead();
    const { alpha, batchesTracked } = search;
    return {
      state: collectState(network, { batchesTracked }),
      alpha,
      genotype: search.genotype(),
      ...(before && { before }),
      history,
    };
  } finally {
    network.free();
  }
}

function describe(report: EpochReport, seconds: number, names?: readonly string[]): SearchRecord {
  const { epochs: epoch, parts = [], genotype } = report;
  const datasets = names?.map((name, i) => ({ name, ...figuresOf(parts[i]!) }));
  return { epoch, seconds, ...figuresOf(report), ...(datasets && { datasets }), genotype };
}
