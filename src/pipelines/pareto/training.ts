import { countOf } from "../../text/mod.ts";
import { flattenSettings, openRun } from "../../run/mod.ts";
import { choicesOf, equalGenotypes, formatGenotype, sizesOf } from "../../spaces/mod.ts";
import { isRunResult, learningOf, type RunResult } from "../../stages/mod.ts";
import { trainFrom, type TrainOptions } from "../train.ts";
import { FINETUNED, type ParetoGiven, type ParetoOptions } from "./options.ts";
import { describeTrained, type ParetoPoint } from "./result.ts";

/** Words that stand for points. */
const [NONE, KNEE, ALL] = ["none", "knee", "all"];

/**
 * Checks which points are to be trained, as far as that can be told before there are any.
 *
 * @param options The wishes.
 * @throws {RangeError} If one is neither a word nor a number from 1; names it.
 */
export function checkTrained({ train }: Pick<ParetoOptions, "train">): void {
  const odd = train.find((wish) => ![NONE, KNEE, ALL].includes(wish) && !/^[1-9]\d*$/.test(wish));
  if (odd !== undefined) {
    throw new RangeError(`Cannot train ${odd}: expected ${NONE}, ${KNEE}, ${ALL}, or numbers of points from 1`);
  }
  if (train.length > 1 && train.includes(NONE!)) {
    throw new RangeError(`Cannot train ${train.join()}: expected ${NONE} alone`);
  }
}

/**
 * Finds the points that are to be trained.
 *
 * @param options The wishes.
 * @param count Number of points.
 * @param knee Index of the knee.
 * @returns Indices, ascending, each once.
 * @throws {RangeError} If there is no such point.
 */
export function pointsToTrain({ train }: Pick<ParetoOptions, "train">, count: number, knee: number): number[] {
  const indices = train.flatMap((wish) => {
    if (wish === NONE) return [];
    if (wish === KNEE) return [knee];
    if (wish === ALL) return Array.from({ length: count }, (_, i) => i);
    if (Number(wish) > count) throw new RangeError(`Cannot train point ${wish}: found ${countOf(count, "point")}`);
    return [Number(wish) - 1];
  });
  return [...new Set(indices)].sort((a, b) => a - b);
}

/** Trains the points that are to be trained, one after another; finished ones are kept. */
export async function trainPoints(
  given: ParetoGiven,
  points: readonly ParetoPoint[],
  knee: number,
): Promise<{ trained: ParetoPoint[]; seconds: number }> {
  const { session, options: { target, seed } } = given;
  const wanted = pointsToTrain(given.options, points.length, knee);
  const trained = [...points];
  const done: { seconds: number; macs: number }[] = [];
  for (const [i, index] of wanted.entries()) {
    const point = points[index]!;
    const before = await findTrained(given, point);
    if (before !== undefined) {
      trained[index] = { ...point, ...before };
      continue;
    }
    const secondsLeft = estimateLeft(done, wanted.slice(i).map((left) => points[left]!));
    const arm = `${point.parameters.toLocaleString("en")} parameters`;
    session.emit({ type: "run", index: i + 1, runs: wanted.length, target, arm, seed, secondsLeft });
    const folder = `networks/${index + 1}`;
    const result = await trainPoint(given, point, folder);
    done.push({ seconds: result.seconds, macs: point.macs });
    trained[index] = { ...point, ...describeTrained(result, folder) };
  }
  return { trained, seconds: done.reduce((sum, { seconds }) => sum + seconds, 0) };
}

/** By what a multiply-add took so far. */
function estimateLeft(
  done: readonly { seconds: number; macs: number }[],
  left: readonly { macs: number }[],
): number | undefined {
  const work = (some: readonly { macs: number }[]) => some.reduce((sum, { macs }) => sum + macs, 0);
  if (done.length === 0) return undefined;
  return done.reduce((sum, { seconds }) => sum + seconds, 0) * work(left) / work(done);
}

/** Trains a network in a run of its own, as a transfer trains the one that it derives. */
async function trainPoint(given: ParetoGiven, { genotype }: ParetoPoint, folder: string): Promise<RunResult> {
  const { session, options: { target: data, transfer, seed }, supernet } = given;
  const { images, training } = transfer;
  const { space } = supernet;
  const configuration: TrainOptions = {
    data,
    images,
    architecture: { genotype: formatGenotype(genotype, space.name) },
    sizes: { space: space.name, ...sizesOf(space), ...choicesOf(space) },
    training,
    ...learningOf(transfer),
    budget: {},
    seed,
  };
  const state = training.inherit === "none" ? undefined : supernet.stateFor(genotype, seed);
  await using child = await session.child(folder, { command: "train", configuration });
  const finished = await child.finishedResult(isRunResult);
  return finished ?? await trainFrom(child, configuration, () => Promise.resolve({ genotype, space, supernet: state }));
}

/** What the run of the supernet has trained itself: if it is the same network, trained in the same way, it is not trained again. */
async function findTrained({ options, folder, supernet }: ParetoGiven, { genotype }: ParetoPoint) {
  const { command, configuration, result } = await openRun(folder);
  if (command !== "transfer" || !isRunResult(result) || result.testAccuracy === undefined) return undefined;
  if (result.timeLimit?.isCut || !equalGenotypes(result.genotype, genotype, supernet.space.name)) return undefined;
  if (!isSame(howTrained({ ...configuration }), howTrained({ ...options.transfer, seed: options.seed }))) {
    return undefined;
  }
  return describeTrained(result, options.from ?? FINETUNED);
}

/** Settings that a network's training depends on. */
function howTrained(settings: Partial<Record<keyof TrainOptions, unknown>>): object {
  return { training: settings.training, ...learningOf(settings), seed: settings.seed };
}

function isSame(a: object, b: object): boolean {
  const lines = (settings: object) =>
    Object.entries(flattenSettings(settings)).map(([path, value]) => `${path} ${JSON.stringify(value)}`).sort().join(
      "\n",
    );
  return lines(a) === lines(b);
}
