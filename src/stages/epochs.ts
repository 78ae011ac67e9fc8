import { countOf } from "../text/mod.ts";
import type { EpochClock, Evaluation } from "../search/mod.ts";
import { Interrupted } from "../run/mod.ts";
import type { EpochRecord } from "./types.ts";
import { type StageTimer, wordFor } from "./time_budget.ts";
import { toPoint } from "./result.ts";
import type { Session, Snapshot } from "./session.ts";

/** What only the history of a run keeps of an epoch, such as the strengths of alpha. */
export type Trace = Readonly<Record<string, unknown>>;

/** What learns, epoch by epoch: a search or a training. */
export interface EpochMachine<Report> {
  /** Where it stands. */
  readonly clock: EpochClock;
  /** Does a step. */
  takeStep(): { readonly loss: number };
  /** Tells of the epoch so far, validation among it if images are held out. */
  validate(): Report;
  /** Tells of an epoch, and ends it. */
  finishEpoch(): Report;
  /** What else the run's history keeps of it after each epoch, and before the first: plain JSON data. */
  trace?(): Trace;
}

/**
 * Losses and accuracies of an epoch on its training batches and on held-out images, as records name them.
 *
 * @param evaluations Mean loss in nats, and share of images that are right, on either.
 * @returns The same four numbers, to be part of a record.
 */
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

/** How a machine is driven. */
export interface DriveOptions<Report, Entry extends EpochRecord> {
  /** Name of the stage, for events. */
  readonly stage: string;
  /** Epochs done so far; new ones are appended. */
  readonly history: Entry[];
  /** Words what an epoch gave. */
  readonly describe: (report: Report, seconds: number) => Entry;
  /** Makes a checkpoint of now. */
  readonly snapshot: () => Snapshot;
  /**
   * Validations of the first epoch, evenly spread, the last at its end. They thin out as an epoch becomes a smaller part of what
   * was done: the e-th has the e-th part of them, rounded up.
   */
  readonly validations: number;
  /** Records of those within the epoch under way; new ones are appended. */
  readonly within: EpochRecord[];
  /** Whether the epochs left can be spared. */
  readonly hasSettled?: ((history: readonly Entry[]) => boolean) | undefined;
  /** Leaves out epochs that there is no time for, if time is limited. */
  readonly timer?: StageTimer | undefined;
  /** Takes the steps of an epoch in place of the machine's own, with its clock at their end; returns their mean loss. */
  readonly takeEpoch?: (() => Promise<number>) | undefined;
}

/**
 * Runs a machine to its end, with events, checkpoints and interruption between any two steps.
 *
 * @param session The run and its engine.
 * @param machine What learns.
 * @param options Name, history and checkpoints, and when it is validated.
 * @throws {Interrupted} After saving, if asked to stop.
 */
export async function driveEpochs<Report, Entry extends EpochRecord>(
  session: Session,
  machine: EpochMachine<Report>,
  options: DriveOptions<Report, Entry>,
): Promise<void> {
  const { stage, history, within, describe, snapshot, timer, hasSettled = () => false } = options;
  const { clock } = machine;
  while (!clock.isDone && !hasSettled(history)) {
    await takeSteps(session, machine, options);
    // Where time ran out within an epoch, it is told of as far as it came.
    const isCut = !clock.isEpochOver;
    const report = await heeding(session, snapshot, () => isCut ? machine.validate() : machine.finishEpoch());
    const end = describe(report, session.seconds());
    // Taken out before the checkpoint: they are of the epoch that is over.
    const records = within.splice(0);
    const record = records.length > 0 ? { ...end, within: records } : end;
    history.push(record);
    await writeEvent(session, { type: "epoch", stage, record: end, trace: machine.trace?.() });
    const { epochs } = clock;
    if (timer) clock.shorten(isCut ? clock.epoch + 1 : planWith(timer, clock));
    if (!isCut) await session.save(snapshot());
    session.emit({ type: "epoch", stage, epochs, record });
    if (clock.epochs < epochs) tellCut(session, stage, clock);
    if (isCut) return;
  }
}

/**
 * Validates, which may take long and leaves running statistics that no step has seen: whoever wants to stop is heard within it,
 * and it is done again from where the steps had come.
 */
async function heeding<Report>(session: Session, snapshot: () => Snapshot, work: () => Report): Promise<Report> {
  const before = session.isInterruptible ? snapshot() : undefined;
  try {
    using _ = session.heedInterrupt();
    return work();
  } catch (error) {
    if (error instanceof Interrupted && before !== undefined) await session.save(before);
    throw error;
  }
}

/** Takes the steps that are left of an epoch, or as many as there is time for. */
async function takeSteps<Report, Entry extends EpochRecord>(
  session: Session,
  machine: EpochMachine<Report>,
  options: DriveOptions<Report, Entry>,
): Promise<void> {
  const { stage, snapshot, timer, takeEpoch } = options;
  const { clock } = machine;
  const tell = (loss: number) => {
    const { epoch, epochs, step, stepsPerEpoch: steps } = clock;
    session.emit({ type: "step", stage, epoch: epoch + 1, epochs, step, steps, loss });
  };
  if (takeEpoch !== undefined && !clock.isEpochOver) {
    tell(await takeEpoch());
    return await session.breathe(snapshot);
  }
  // Its steps may have been done when an interruption fell into the validation after them.
  await validateWithin(session, machine, options);
  while (!clock.isEpochOver) {
    tell(machine.takeStep().loss);
    await validateWithin(session, machine, options);
    await session.breathe(snapshot);
    if (timer?.isOver(clock)) return;
  }
}

/** Validates within an epoch if it is time to. */
async function validateWithin<Report, Entry extends EpochRecord>(
  session: Session,
  machine: EpochMachine<Report>,
  { stage, within, describe, snapshot, validations }: DriveOptions<Report, Entry>,
): Promise<void> {
  const { clock } = machine;
  if (!isDue(clock, validations) || within.at(-1)?.epoch === clock.epochsDone) return;
  const report = await heeding(session, snapshot, () => machine.validate());
  const record = toPoint(describe(report, session.seconds()));
  within.push(record);
  await writeEvent(session, { type: "validation", stage, record });
  session.emit({ type: "epoch", stage, epochs: clock.epochs, record });
}

/** Epochs for which there is time. */
function planWith(timer: StageTimer, clock: EpochClock): number {
  const { epoch: done, epochs: planned, epochsPlanned: wished, stepsPerEpoch } = clock;
  return timer.plan(done, { planned, wished, stepsPerEpoch });
}

function tellCut(session: Session, stage: string, { epochs, epochsPlanned }: EpochClock): void {
  const text = `time is short: ${countOf(epochs, "epoch")} of the ${wordFor(stage)} instead of ${epochsPlanned}`;
  session.emit({ type: "stage", stage, text });
}

/**
 * Adds a record to the run's history.
 *
 * @param session The run.
 * @param event Its type, name of the stage, what the epoch has brought, and what else is kept of it.
 */
export async function writeEvent(
  { run }: Session,
  { type, stage, record, trace }: {
    type: "start" | "head" | "validation" | "epoch";
    stage: string;
    record: EpochRecord | Pick<EpochRecord, "epoch" | "seconds">;
    trace?: Trace | undefined;
  },
): Promise<void> {
  const memoryBytes = Deno.memoryUsage().rss;
  await run.event({ type, stage, ...(record as EpochRecord & Record<string, unknown>), ...trace, memoryBytes });
}

/** Whether a validation is due after the step that has just been done; that of the epoch's end is not its business. */
function isDue({ epoch, step, stepsPerEpoch }: EpochClock, validations: number): boolean {
  const inEpoch = Math.ceil(validations / (epoch + 1));
  const count = (steps: number) => Math.floor(steps * inEpoch / stepsPerEpoch);
  return step > 0 && step < stepsPerEpoch && count(step) > count(step - 1);
}
