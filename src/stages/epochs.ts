import type { Evaluation, FittedHead } from "../search/mod.ts";
import type { EpochRecord } from "./types.ts";
import { toPoint } from "./result.ts";
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
  /** Tells of the epoch so far, validation among it; only where epochs are validated more than once. */
  validate?(): Report;
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
  /**
   * Validations of the first epoch, and the records of those within the epoch under way; none but that at its end if left out.
   * They thin out as an epoch becomes a smaller part of what was done: the e-th has the e-th part of them, rounded up, evenly spread, the last at its end.
   */
  readonly within?: { readonly validations: number; readonly records: EpochRecord[] };
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
  const { stage, epochs, history, describe, snapshot, within, hasSettled = () => false } = options;
  while (!machine.isDone && !hasSettled(history)) {
    while (!machine.isEpochOver) {
      const { loss } = machine.takeStep();
      const [epoch, step, steps] = [machine.epoch + 1, machine.step, machine.stepsPerEpoch];
      session.emit({ type: "step", stage, epoch, epochs, step, steps, loss });
      if (within && machine.validate && isDue(machine, within.validations)) {
        const record = toPoint(describe(machine.validate(), session.seconds()));
        within.records.push(record);
        await session.run.event({ type: "validation", stage, ...(record as EpochRecord & Record<string, unknown>) });
        session.emit({ type: "epoch", stage, epochs, record });
      }
      await session.breathe(snapshot);
    }
    const end = describe(machine.finishEpoch(), session.seconds());
    // Taken out before the checkpoint: they are of the epoch that is over.
    const records = within?.records.splice(0) ?? [];
    const record = records.length > 0 ? { ...end, within: records } : end;
    history.push(record);
    await session.run.event({ type: "epoch", stage, ...(end as EpochRecord & Record<string, unknown>) });
    await session.save(snapshot());
    session.emit({ type: "epoch", stage, epochs, record });
  }
}

/** Whether a validation is due after the step that has just been done; that of the epoch's end is not its business. */
function isDue({ epoch, step, stepsPerEpoch }: EpochMachine<unknown>, validations: number): boolean {
  const inEpoch = Math.ceil(validations / (epoch + 1));
  const count = (steps: number) => Math.floor(steps * inEpoch / stepsPerEpoch);
  return step < stepsPerEpoch && count(step) > count(step - 1);
}
