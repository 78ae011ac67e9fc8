import type { Network } from "../engine/mod.ts";
import type { Learns, State } from "../network/mod.ts";
import type { TrainingReport, TrainingSettings } from "../search/mod.ts";
import { buildDerivedNetwork, type Genotype, type Space } from "../spaces/mod.ts";
import { splitTask, type Variation } from "../batches/mod.ts";
import { type Task } from "../tasks/mod.ts";
import { beginFinetuning, reopenFinetuning } from "../transfer/mod.ts";
import { figuresOf } from "./epochs.ts";
import type { Checkpoint, Session } from "./session.ts";
import { runStage } from "./stage.ts";
import type { EpochRecord } from "./types.ts";

/** What is finetuned and how. */
export interface FinetuneStageOptions {
  /** Images. */
  readonly task: Task;
  /** Sizes of the network, with the task's classes. */
  readonly space: Space;
  /** Its architecture, which stays. */
  readonly genotype: Genotype;
  /** Weights and statistics of its body to start from, as the network takes them. */
  readonly body: (network: Network) => State;
  /** Share of the training images from which weights learn; the others validate. */
  readonly trainPortion: number;
  /** Which weights learn. */
  readonly learns: Learns;
  /** How they learn. */
  readonly settings: TrainingSettings;
  /** Batches whose means running statistics become before each validation. */
  readonly recalibration: number;
  /** Validations of the first epoch, see {@linkcode DriveOptions}. */
  readonly validations: number;
  /** Whether the head is `refitted` ({@linkcode HeadStart}), or fitted before the first step only. */
  readonly refitsHead: boolean;
  /** Random changes to the training images. */
  readonly augment: Variation;
  /** The user's seed. */
  readonly seed: number;
}

/** A finetuned network. */
export interface FinetuneOutcome {
  /** Weights, running statistics and their counters. */
  readonly state: State;
  /** What the fitted head could do before the first epoch. */
  readonly start: EpochRecord;
  /** All epochs. */
  readonly history: readonly EpochRecord[];
}

/** Name of the stage in events and checkpoints. */
export const FINETUNE_STAGE = "finetune";

/**
 * Gives a network of fixed architecture a new head in closed form and finetunes it on those training images from which
 * a supernet's weights would learn with this seed; the others, from which alpha would, validate each epoch. So
 * the curve can stand beside a supernet's: the same images, as many steps an epoch, validated in the same way.
 *
 * @param session The run and its engine.
 * @param options The images, the network, and how it learns.
 * @param checkpoint Checkpoint of this stage, if there is one.
 * @returns The network.
 * @throws {Interrupted} After saving, if asked to stop.
 * @throws {RangeError} If architecture, sizes and weights do not fit each other, or a loss is no longer finite.
 */
export async function runFinetuneStage(
  session: Session,
  options: FinetuneStageOptions,
  checkpoint?: Checkpoint,
): Promise<FinetuneOutcome> {
  const { engine } = session;
  const { task, space, genotype, body, settings: { batch }, validations } = options;
  const split = splitTask(engine, task, options);
  const given = { ...options, engine, data: task.train, split, objective: task.objective };
  const { state, start, history } = await runStage(session, {
    name: FINETUNE_STAGE,
    program: buildDerivedNetwork({ space, genotype }),
    batch,
    fingerprint: task.fingerprint,
    earlier: null,
    validations,
    begin: (network) => beginFinetuning(network, body(network), given),
    reopen: (network) => reopenFinetuning(network, given),
    describe,
  }, checkpoint);
  return { state, start: start!, history };
}

function describe({ epochs: epoch, train, validation }: TrainingReport, seconds: number): EpochRecord {
  return { epoch, seconds, ...figuresOf({ train, validation: validation! }) };
}
