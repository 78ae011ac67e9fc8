import type { Network, Program } from "../engine/mod.ts";
import { AMOUNT, checkedBy, checkShape, listOf, optional, record, RunError, type Shape, whole } from "../run/mod.ts";
import { checkSpace } from "../spaces/mod.ts";
import { asState, collectNetwork, collectState, restoreNetwork, type State } from "../network/mod.ts";
import type { Evaluation, FittedHead } from "../search/mod.ts";

import { driveEpochs, type EpochMachine, figuresOf, writeEvent } from "./epochs.ts";
import type { Checkpoint, Session, Snapshot } from "./session.ts";
import { type Cut, CUT_SHAPE, cutOf, type StageTime, StageTimer } from "./time_budget.ts";
import { EPOCH_SHAPE, type EpochRecord } from "./types.ts";

/** An {@linkcode EpochMachine} that a checkpoint can keep, and whose network has a head. */
export interface Learner<Report> extends EpochMachine<Report> {
  /** Evaluates on the images that are held out, as the network is now; undefined if none are. */
  evaluate(): Evaluation | undefined;
  /** Gives the network what it is to be left with: the head that was validated last, the mean of its weights. */
  adopt(): void;
  /** All that a checkpoint keeps of it beside the network: named tensors, and plain JSON data. */
  save(): { readonly tensors: State; readonly progress: unknown };
  /** Goes back to what `save` gave; other tensors may be among its own. */
  load(saved: { readonly tensors: State; readonly progress: unknown }): void;
  /** Whether a tensor of a checkpoint is one that `save` gave, not the network's. */
  owns(name: string): boolean;
}

/** What a learner tells of an epoch. */
export type ReportOf<Learning extends Learner<unknown>> = ReturnType<Learning["validate"]>;

/** Frees the network of a stage and compiles another one in its place, in which the stage goes on. */
export type Replace = (program: Program) => Network;

/** A part of a run in which one network learns. */
export interface Stage<Learning extends Learner<unknown>, Entry extends EpochRecord> {
  /** Name in events and checkpoints. */
  readonly name: string;
  /** The network. */
  readonly program: Program;
  /** Images a batch. */
  readonly batch: number;
  /** What the images are known by. */
  readonly fingerprint: string;
  /** What earlier stages found, to be kept in checkpoints: plain JSON data; null if there were none. */
  readonly earlier: unknown;
  /** Validations of the first epoch, as {@linkcode driveEpochs} takes them. */
  readonly validations: number;
  /** Fills the network and makes what learns; tells how well the head does, if it was fitted to the images. */
  readonly begin: (network: Network, replace: Replace) => { learner: Learning; head?: FittedHead | undefined };
  /** Makes what learns, to be loaded from a checkpoint; the network has its state already. */
  readonly reopen: (network: Network, replace: Replace) => Learning;
  /** Words what an epoch gave. */
  readonly describe: (report: ReportOf<Learning>, seconds: number) => Entry;
  /** Whether the epochs left can be spared. */
  readonly hasSettled?: ((history: readonly Entry[]) => boolean) | undefined;
  /** How long the run may take, and what comes after this stage; no limit if left out. */
  readonly time?: StageTime | undefined;
  /** Takes the steps of an epoch in place of the learner's own, see {@linkcode DriveOptions}. */
  readonly takeEpoch?: ((learner: Learning, network: Network) => Promise<number>) | undefined;
}

/** What a stage came to. */
export interface StageOutcome<Learning, Entry extends EpochRecord> {
  /** Weights, running statistics and their counters. */
  readonly state: State;
  /** What learnt them. */
  readonly learner: Learning;
  /** What the fitted head could do before the first epoch; undefined if none was fitted, or there was nothing to try it on. */
  readonly start: EpochRecord | undefined;
  /** All epochs. */
  readonly history: readonly Entry[];
  /** What a time limit took away, if it did. */
  readonly cut: Cut | undefined;
}

/** How far a stage is. */
interface Course<Learning, Entry> {
  readonly learner: Learning;
  readonly start: EpochRecord | undefined;
  readonly history: Entry[];
  /** Validations within the epoch under way. */
  readonly within: EpochRecord[];
}

/** What a checkpoint keeps of a course. Plain JSON data. */
interface StageState<Entry> extends Course<unknown, Entry> {
  /** Number of epochs, which may have been shortened. */
  readonly epochs: number;
}

/**
 * Compiles a network, begins or goes on where the checkpoint left off, and lets it learn to the end.
 *
 * @param session The run and its engine.
 * @param stage The network, and what lets it learn.
 * @param checkpoint Checkpoint of this stage, if there is one.
 * @returns The network's state, and the epochs.
 * @throws {Interrupted} After saving, if asked to stop.
 * @throws {RangeError} If what is put together does not fit, or a loss is no longer finite.
 */
export async function runStage<Learning extends Learner<ReportOf<Learning>>, Entry extends EpochRecord>(
  session: Session,
  stage: Stage<Learning, Entry>,
  checkpoint?: Checkpoint,
): Promise<StageOutcome<Learning, Entry>> {
  const { name, batch, earlier, validations, describe, hasSettled, time } = stage;
  const compile = (program: Program) => session.engine.compile(program, { batch, memoryBytes: session.memoryBytes });
  let network = compile(stage.program);
  const replace = (program: Program) => {
    network.free();
    return network = compile(program);
  };
  try {
    const course = checkpoint
      ? resume(stage, { network, replace }, checkpoint)
      : await begin(session, stage, { network, replace });
    const { learner, start, history, within } = course;
    const snapshot = () => takeSnapshot(stage, network, course);
    // From here on the earlier stage's checkpoint is no longer needed, nor what was read from another run.
    if (!checkpoint && earlier !== null) await session.save(snapshot());
    const timer = time && new StageTimer(name, time, { now: () => session.seconds(), position: learner.clock });
    const takeEpoch = stage.takeEpoch && (() => stage.takeEpoch!(learner, network));
    const how = { history, within, validations, describe, hasSettled, snapshot, timer, takeEpoch };
    await driveEpochs(session, learner, { stage: name, ...how });
    learner.adopt();
    return { state: collectState(network, learner.clock), learner, start, history, cut: cutOf(name, learner.clock) };
  } finally {
    network.free();
  }
}

async function begin<Learning extends Learner<unknown>, Entry extends EpochRecord>(
  session: Session,
  stage: Stage<Learning, Entry>,
  { network, replace }: { network: Network; replace: Replace },
): Promise<Course<Learning, Entry>> {
  const { learner, head, validation } = beginHeeding(session, stage, { network, replace });
  const trace = learner.trace?.();
  if (trace !== undefined) {
    await writeEvent(session, {
      type: "start",
      stage: stage.name,
      record: { epoch: 0, seconds: session.seconds() },
      trace,
    });
  }
  const start = head && validation && await recordStart(session, { stage: stage.name, head, validation });
  return { learner, start, history: [], within: [] };
}

/** Fitting a head is a pass over all images: whoever wants to stop is heard within it, and it is done again. */
function beginHeeding<Learning extends Learner<unknown>, Entry extends EpochRecord>(
  session: Session,
  stage: Stage<Learning, Entry>,
  { network, replace }: { network: Network; replace: Replace },
) {
  using _ = session.heedInterrupt();
  const { learner, head } = stage.begin(network, replace);
  return { learner, head, validation: head && learner.evaluate() };
}

/** Tells what a fitted head can do before the first epoch. */
async function recordStart(
  session: Session,
  { stage, head, validation }: { stage: string; head: FittedHead; validation: Evaluation },
): Promise<EpochRecord> {
  const record: EpochRecord = { epoch: 0, seconds: session.seconds(), ...figuresOf({ train: head, validation }) };
  await writeEvent(session, { type: "head", stage, record });
  const text = `the new head is right on ${(100 * validation.accuracy).toFixed(1)} % of the held-out images`;
  session.emit({ type: "stage", stage: "head", text });
  return record;
}

function resume<Learning extends Learner<unknown>, Entry extends EpochRecord>(
  stage: Stage<Learning, Entry>,
  { network, replace }: { network: Network; replace: Replace },
  checkpoint: Checkpoint,
): Course<Learning, Entry> {
  const { tensors, file } = checkpoint;
  const state = stateOf<Entry>(checkpoint);
  const learner = stage.reopen(network, replace);
  try {
    restoreNetwork(network, tensors, (name) => learner.owns(name));
    learner.load({ tensors: asState(tensors), progress: state.learner });
    learner.clock.shorten(state.epochs);
  } catch (cause) {
    throw new RunError(`Cannot go on from ${file}: ${(cause as Error).message}`, { cause });
  }
  return { ...state, learner };
}

/** What a checkpoint must keep of an architecture that a stage goes on with. */
export const ARCHITECTURE_SHAPE: Shape = record({ space: checkedBy(checkSpace), genotype: record({}) });

/** The same with the epochs in which it was found. */
export const SUMMARY_SHAPE: Shape = record({
  space: checkedBy(checkSpace),
  genotype: record({}),
  start: optional(EPOCH_SHAPE),
  history: listOf(EPOCH_SHAPE, 1),
  cut: optional(CUT_SHAPE),
});

const TALLY_SHAPE = record({ loss: AMOUNT, correct: whole(0), count: whole(0) });

/** What the state of a stage must be in a checkpoint; a learner's tensors and space are checked as they are loaded. */
const STATE_SHAPE = record({
  epochs: whole(0, 10_000),
  start: optional(EPOCH_SHAPE),
  history: listOf(EPOCH_SHAPE),
  within: listOf(EPOCH_SHAPE),
  learner: record({
    epoch: whole(0, 10_000),
    step: whole(0),
    batchesTracked: whole(0),
    tally: TALLY_SHAPE,
    partTallies: optional(listOf(TALLY_SHAPE)),
    alphaSteps: optional(whole(0)),
    space: optional(checkedBy(checkSpace)),
  }),
});

/**
 * What a checkpoint kept of what learnt: the `progress` that its `save` gave.
 *
 * @param checkpoint A checkpoint of a stage.
 * @returns Plain data, of which the clock, the sums and the space are checked.
 */
export function savedLearner(checkpoint: Checkpoint): unknown {
  return stateOf(checkpoint).learner;
}

function stateOf<Entry>({ progress: { state }, file }: Checkpoint): StageState<Entry> {
  checkShape(state, STATE_SHAPE, `the state in ${file}`);
  return state as StageState<Entry>;
}

/**
 * What a checkpoint kept of earlier stages.
 *
 * @param checkpoint A checkpoint of a stage.
 * @param shape What it must be.
 * @returns It, checked.
 * @throws {RunError} If it is something else; names the file and the place.
 */
export function earlierOf<Summary>({ progress: { earlier }, file }: Checkpoint, shape: Shape): Summary {
  checkShape(earlier, shape, `what earlier stages found in ${file}`);
  const { space } = earlier as { space?: unknown };
  // One that was saved before a space had all of its settings has their values of then.
  return (space === undefined ? earlier : { ...earlier as object, space: checkSpace(space) }) as Summary;
}

function takeSnapshot<Learning extends Learner<unknown>, Entry extends EpochRecord>(
  { name, fingerprint, earlier }: Stage<Learning, Entry>,
  network: Network,
  course: Course<Learning, Entry>,
): Snapshot {
  const { tensors, progress } = course.learner.save();
  const state: StageState<Entry> = { ...course, learner: progress, epochs: course.learner.clock.epochs };
  return {
    tensors: new Map([...collectNetwork(network, course.learner.clock.batchesTracked), ...tensors]),
    progress: { stage: name, fingerprint, state, earlier },
  };
}
