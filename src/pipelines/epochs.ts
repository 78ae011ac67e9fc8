import type { Evaluation, FittedHead } from "../search/mod.ts";
import type { EpochRecord } from "./types.ts";
import type { Session, Snapshot } from "./session.ts";

/** What takes steps and ends epochs: a search or a training. */
export interface EpochMachine<Report> {
  /** Epoch under way, from 0. */
  readonly epoch: number;
  /** Steps of it that are done. */
  readonly step: number;
  /** Steps of an epoch. */
  readonly stepsPerEpoch: number;
  /** Whether only the epoch's end is left to do. */
  readonly isEpochOver: boolean;
  /** Whether all epochs are done. */
  readonly isDone: boolean;
  /** Does a step. */
  takeStep(): { readonly loss: number };
  /** Ends an epoch. */
  finishEpoch(): Report;
}

/** Losses and accuracies of an epoch on its training batches and on held-out images, as records name them. */
export function figuresOf(
  { train, validation }: { train: Omit<Evaluation, "count">; validation: Omit<Evaluation, "count"> },
) {
  return {
    trainLoss: train.loss,
    trainAccuracy: train.accuracy,
    validLoss: validation.loss,
    validAccuracy: validation.accuracy,
  };
}

/**
 * Tells what a fitted head can do before the first epoch.
 *
 * @param session Where.
 * @param parts Name of the stage, the head, the network's evaluation on held-out images.
 * @returns The record, of epoch 0.
 */
export async function recordStart(
  session: Session,
  { stage, head, validation }: { stage: string; head: FittedHead; validation: Evaluation },
): Promise<EpochRecord> {
  const record: EpochRecord = { epoch: 0, seconds: session.seconds(), ...figuresOf({ train: head, validation }) };
  await session.run.event({ type: "head", stage, ...(record as EpochRecord & Record<string, unknown>) });
  const text = `the new head is right on ${(100 * validation.accuracy).toFixed(1)} % of the held-out images`;
  session.emit({ type: "stage", stage: "head", text });
  return record;
}

/** How a machine is driven. */
export interface DriveOptions<Report, Entry extends EpochRecord> {
  /** Name of the stage, for events. */
  readonly stage: string;
  /** Number of epochs planned. */
  readonly epochs: number;
  /** Epochs done so far; new ones are appended. */
  readonly history: Entry[];
  /** Words what an epoch gave. */
  readonly describe: (report: Report, seconds: number) => Entry;
  /** Makes a checkpoint of now. */
  readonly snapshot: () => Snapshot;
  /** Whether the epochs left can be spared. */
  readonly hasSettled?: (history: readonly Entry[]) => boolean;
}

/**
 * Runs a machine to its end, with events, checkpoints and interruption between any two steps.
 *
 * @param session Where.
 * @param machine What.
 * @param options How.
 * @throws {Interrupted} After saving, if asked to stop.
 */
export async function driveEpochs<Report, Entry extends EpochRecord>(
  session: Session,
  machine: EpochMachine<Report>,
  options: DriveOptions<Report, Entry>,
): Promise<void> {
  const { stage, epochs, history, describe, snapshot, hasSettled = () => false } = options;
  while (!machine.isDone && !hasSettled(history)) {
    while (!machine.isEpochOver) {
      const { loss } = machine.takeStep();
      const [epoch, step, steps] = [machine.epoch + 1, machine.step, machine.stepsPerEpoch];
      session.emit({ type: "step", stage, epoch, epochs, step, steps, loss });
      await session.breathe(snapshot);
    }
    const record = describe(machine.finishEpoch(), session.seconds());
    history.push(record);
    await session.run.event({ type: "epoch", stage, ...(record as EpochRecord & Record<string, unknown>) });
    await session.save(snapshot());
    session.emit({ type: "epoch", stage, epochs, record });
  }
}
