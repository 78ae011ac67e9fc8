import { splitTask } from "../batches/mod.ts";
import { AMOUNT, checkedBy, checkShape, listOf, NUMBER, record, RunError, type Shape, SHARE } from "../run/mod.ts";
import { methodRow, type Supernet } from "../search/mod.ts";
import { checkGenotype, type Genotype } from "../spaces/mod.ts";
import {
  type Checkpoint,
  evaluateInherited,
  INFERENCE_TIMING,
  openRunTask,
  type Session,
  type Snapshot,
  trainingSettings,
} from "../stages/mod.ts";
import { openSupernet } from "../zoo/mod.ts";
import { findFront, findKnee } from "./pareto/front.ts";
import { checkNeighbours, describeNeighbours, openNeighbour } from "./pareto/neighbours.ts";
import { FINETUNED, type ParetoGiven, type ParetoOptions } from "./pareto/options.ts";
import {
  isParetoResult,
  type ParetoPoint,
  type ParetoResult,
  SIZE_NAMES,
  SIZE_SHAPES,
  type SizeName,
} from "./pareto/result.ts";
import { type BudgetRow, deriveRows, joinBudgets } from "./pareto/rows.ts";
import { checkTrained, trainPoints } from "./pareto/training.ts";
import { transfer, type TransferOptions } from "./transfer.ts";

export { FINETUNED, PARETO_DEFAULTS, type ParetoOptions, settingsOfSource } from "./pareto/options.ts";
export {
  isParetoResult,
  type ParetoNeighbour,
  type ParetoPoint,
  type ParetoResult,
  SIZE_WORDS,
  type SizedNetwork,
  type SizeName,
} from "./pareto/result.ts";

/** How an evaluated candidate does. */
interface Evaluated {
  readonly validAccuracy: number;
  readonly validLoss: number;
}

/** What is found on the way. Plain JSON data, kept in checkpoints. */
interface Progress {
  /** Seconds of deriving, timing and evaluating. */
  readonly seconds: number;
  readonly rows: readonly BudgetRow[];
  /** Of all candidates, row by row, as far as they are done. */
  readonly evaluations: readonly Evaluated[];
}

/**
 * Derives the strongest networks within a row of budgets from one finetuned supernet, evaluates them with its weights, and trains
 * those asked for. Each trained network is a run of its own in `networks/`.
 *
 * @param session The run and its engine.
 * @param options Supernet or target, budgets, what to train.
 * @returns The networks, their front and its knee; those of before if the run was finished already.
 * @throws {Interrupted} After saving, if asked to stop.
 * @throws {DataError | RunError | RangeError} If something given does not fit; one line.
 */
export async function pareto(session: Session, options: ParetoOptions): Promise<ParetoResult> {
  const finished = await session.finishedResult(isParetoResult);
  if (finished !== undefined) return finished;
  const { target, seed, also = [] } = options;
  // Whatever does not fit is said before minutes of work, not after them.
  checkTrained(options);
  joinBudgets(options.budgets);
  const neighbours = await Promise.all(also.map(openNeighbour));
  const secondsBefore = options.from === undefined ? await finetune(session, options) : 0;
  const given = await openGiven(session, options);
  const { task, supernet } = given;
  checkNeighbours(neighbours, task);
  const checkpoint = await session.load(task.fingerprint);
  const progress = await evaluateRows(given, checkpoint && progressOf(checkpoint, supernet));
  const axis = axisOf(progress.rows);
  const points = choosePoints(progress, axis);
  const sized = points.map((point) => ({ size: point[axis], accuracy: point.validAccuracy }));
  const knee = findKnee(sized);
  const { trained, seconds } = await trainPoints(given, points, knee);
  const result: ParetoResult = {
    ...session.circumstances,
    command: "pareto",
    target,
    supernet: options.from ?? FINETUNED,
    seed,
    seconds: Math.round(1000 * (secondsBefore + progress.seconds + seconds)) / 1000,
    space: supernet.space,
    axis,
    points: trained,
    front: findFront(sized),
    knee,
    also: describeNeighbours(given, neighbours),
    timing: { ...INFERENCE_TIMING, threads: session.engine.threads },
  };
  await session.run.writeResult(result);
  return result;
}

/** Finetunes a supernet in a run of its own, with all that a transfer does; tells its seconds. */
async function finetune(session: Session, { target, transfer: settings, seed }: ParetoOptions): Promise<number> {
  const configuration: TransferOptions = { ...settings, target, budget: {}, seed };
  await using child = await session.child(FINETUNED, { command: "transfer", configuration });
  return (await transfer(child, configuration)).seconds;
}

async function openGiven(session: Session, options: ParetoOptions): Promise<ParetoGiven> {
  const { target, from, transfer } = options;
  const folder = from ?? `${session.run.path}/${FINETUNED}`;
  const task = await openRunTask(session, [target], transfer);
  const { supernet } = await openSupernet(folder);
  const { classes, height, width } = supernet.space;
  if (classes !== task.classes.length || height !== task.height || width !== task.width) {
    throw new RunError(
      `Cannot derive from ${folder}: its supernet tells ${classes} classes apart in ${height}×${width} pixels, ` +
        `expected ${task.classes.length} in ${task.height}×${task.width} as in ${target}`,
    );
  }
  return { session, options, task, folder, supernet };
}

/** Derives and evaluates, from wherever the run stands. */
async function evaluateRows(given: ParetoGiven, found: Progress | undefined): Promise<Progress> {
  const { session, options: { budgets, candidates: count }, task, supernet } = given;
  const startedAt = performance.now();
  const secondsBefore = found?.seconds ?? 0;
  const evaluations = [...found?.evaluations ?? []];
  if (!found) tell(session, "deriving a network for each budget");
  const rows = found?.rows ?? deriveRows(session, { supernet, task, budgets: joinBudgets(budgets), count });
  const progress = (): Progress => ({
    seconds: secondsBefore + (performance.now() - startedAt) / 1000,
    rows,
    evaluations: [...evaluations],
  });
  const snapshot = () => snapshotOf(given, progress());
  await session.save(snapshot());
  const all = rows.flatMap(({ candidates }) => candidates);
  if (evaluations.length < all.length) tell(session, "evaluating each with the weights of the supernet");
  const evaluate = evaluator(given);
  for (const { genotype } of all.slice(evaluations.length)) {
    const twin = all.slice(0, evaluations.length).findIndex((other) => keyOf(other) === keyOf({ genotype }));
    evaluations.push(twin < 0 ? evaluate(genotype) : evaluations[twin]!);
    session.emit({ type: "count", stage: "evaluating", done: evaluations.length, total: all.length, unit: "networks" });
    await session.breathe(snapshot);
  }
  await session.save(snapshot());
  return progress();
}

/** Evaluates architectures on the images on which the supernet was validated. */
function evaluator({ session, options, task, supernet }: ParetoGiven): (genotype: Genotype) => Evaluated {
  const { transfer: { search, training }, seed } = options;
  const { trainPortion = search.trainPortion } = methodRow(supernet.method.name);
  const split = splitTask(session.engine, task, { seed, trainPortion });
  const { batch } = trainingSettings(task, training);
  const { space } = supernet;
  return (genotype) => {
    const state = supernet.stateFor(genotype, seed);
    const { accuracy, loss } = evaluateInherited(session, {
      task,
      split,
      space,
      genotype,
      supernet: state,
      batch,
      seed,
    });
    return { validAccuracy: accuracy, validLoss: loss };
  };
}

/** The most accurate network of each budget, the strongest of equal ones; by size, each once. */
function choosePoints({ rows, evaluations }: Progress, axis: SizeName): ParetoPoint[] {
  let next = 0;
  const points = rows.map(({ budget, candidates }): ParetoPoint => {
    const evaluated = candidates.map((candidate) => ({ budget, ...candidate, ...evaluations[next++]! }));
    return evaluated.reduce((best, one) => one.validAccuracy > best.validAccuracy ? one : best);
  }).sort((a, b) => a[axis] - b[axis]);
  return points.filter((point, i) => points.findIndex((other) => keyOf(other) === keyOf(point)) === i);
}

function keyOf({ genotype }: { genotype: Genotype }): string {
  return JSON.stringify(genotype);
}

/** The cost that front and knee are about: the first that is limited. */
function axisOf([row]: readonly BudgetRow[]): SizeName {
  return SIZE_NAMES.find((name) => row!.budget[name] !== undefined)!;
}

function tell(session: Session, text: string): void {
  session.emit({ type: "stage", stage: "pareto", text });
}

/** Name of the stage in checkpoints. */
const STAGE = "pareto";

function snapshotOf({ task }: ParetoGiven, state: Progress): Snapshot {
  return { tensors: new Map(), progress: { stage: STAGE, fingerprint: task.fingerprint, state, earlier: null } };
}

/** What a checkpoint kept. */
function progressOf({ progress: { state }, file }: Checkpoint, { space }: Supernet): Progress {
  const genotype = checkedBy((value) => checkGenotype(value, space.name));
  const candidate = record({ ...SIZE_SHAPES, genotype, strength: NUMBER });
  const shape: Shape = record({
    seconds: AMOUNT,
    rows: listOf(record({ budget: record({}), candidates: listOf(candidate, 1) }), 1),
    evaluations: listOf(record({ validAccuracy: SHARE, validLoss: AMOUNT })),
  });
  checkShape(state, shape, `the state in ${file}`);
  return state as Progress;
}
