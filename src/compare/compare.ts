import { basename } from "node:path";
import { openDataset } from "../data/mod.ts";
import { Interrupted, RunError } from "../run/mod.ts";
import { type Card, type EntryBody, listZoo, rankZoo, SELECT_DEFAULTS, zooFolder } from "../zoo/mod.ts";
import { openingIn, type Session } from "../stages/mod.ts";
import { describeRun, type FinishedArmRun, isTransfer } from "./arm_run.ts";
import { correlateDistance, type DistancesOfEntries } from "./distance_benefit.ts";
import { bestOf } from "./milestones.ts";
import type { CompareOptions } from "./options.ts";
import type { RunPlace } from "./arms/arm.ts";
import { type Arm, planArms } from "./plan_arms.ts";
import { type CompareResult, isCompareResult, SCRATCH, type TargetComparison } from "./result.ts";
import { summarise, summariseTarget } from "./summary.ts";
import { estimateSecondsLeft } from "./time_left.ts";

/**
 * Compares ways to a network for new datasets, all with the same budget, seeds and images.
 *
 * Every target, arm and seed is a run of its own below the folder of this one, `TARGET/ARM/seed-N`, of the command that it
 * would be by hand. What is finished is kept, and what was interrupted goes on.
 *
 * @param session The run that it works in.
 * @param options Targets, seeds, arms and the settings of each.
 * @returns All runs and what they come to; the result of before if the comparison was finished already.
 * @throws {Interrupted} After saving, if asked to stop.
 * @throws {DataError | RunError | RangeError} If something given does not fit; one line that names the run.
 */
export async function compare(session: Session, options: CompareOptions): Promise<CompareResult> {
  const finished = await session.finishedResult(isCompareResult);
  if (finished !== undefined) return finished;
  const { targets, seeds, transfer: { search, training }, scratch } = options;
  // Whatever does not fit is said before hours of work, not after them.
  const { cards, problems } = await listZoo(options.zoo ?? zooFolder());
  for (const problem of problems) tell(session, problem);
  const overlaps = await findOverlaps(session, options, cards);
  const { arms, leftOut } = planArms(options, cards);
  for (const { arm, reason } of leftOut) tell(session, `${arm} is left out: ${reason}`);
  checkArms(arms, options, cards);
  const done = await runAll(session, arms, options, cards);
  const compared = targets.map((target) => compareOn(target, arms, done));
  const distance = await setDistances(session, compared, { arms, cards, options });
  const result: CompareResult = {
    ...session.circumstances,
    command: "compare",
    seeds,
    epochs: search.epochs,
    scratchEpochs: scratch.epochs ?? search.epochs,
    trainEpochs: training.epochs,
    seconds: done.reduce((sum, { seconds }) => sum + seconds, 0),
    leftOut,
    overlaps,
    targets: compared,
    ...(distance && { distance }),
    summary: summarise(compared),
  };
  await session.run.writeResult(result);
  return result;
}

function tell(session: Session, text: string): void {
  session.emit({ type: "stage", stage: "compare", text });
}

/** Targets on which an entry of the zoo was pretrained; all targets are opened, so that none is missing later. */
async function findOverlaps(session: Session, options: CompareOptions, cards: readonly Card[]) {
  const overlaps: { target: string; entry: string }[] = [];
  for (const target of options.targets) {
    const { fingerprint } = await openDataset(target, openingIn(session, options.transfer.images));
    for (const { name, sources } of cards) {
      if (!sources.some((source) => source.fingerprint === fingerprint)) continue;
      overlaps.push({ target, entry: name });
      tell(session, `${name} was pretrained on ${target} itself: that target tells nothing of new data`);
    }
  }
  return overlaps;
}

function checkArms(arms: readonly Arm[], options: CompareOptions, cards: readonly Card[]): void {
  if (options.sizesOf !== undefined) bodyOf(options.sizesOf, options, cards);
  if (arms.length === 0) throw new RunError("Cannot compare: no arm is left, expected at least one");
  if (arms.some(({ row }) => row.startsFrom === "nothing")) bodyOf(options.sizesOf, options, cards);
}

/** The entry of a name; any if none is named. */
function bodyOf(wanted: string | undefined, { zoo = zooFolder() }: CompareOptions, cards: readonly Card[]): EntryBody {
  const card = wanted === undefined ? cards[0] : cards.find(({ name }) => name === wanted);
  if (card) return card;
  throw new RunError(`Cannot compare: ${zoo} has no entry ${wanted ?? ""}, expected one whose sizes to take`);
}

/** One run of the comparison, to be made. */
interface Place {
  readonly target: string;
  readonly seed: number;
  readonly arm: Arm;
  readonly folder: string;
}

async function runAll(
  session: Session,
  arms: readonly Arm[],
  options: CompareOptions,
  cards: readonly Card[],
): Promise<FinishedArmRun[]> {
  // The history of the comparison itself is told again from the start: finished runs take no time.
  await session.run.loadCheckpoint();
  const places = listPlaces(arms, options);
  const label = ({ target, arm }: Place) => ({ target, arm: arm.name });
  const done: FinishedArmRun[] = [];
  for (const [index, place] of places.entries()) {
    const { target, seed } = place;
    const secondsLeft = estimateSecondsLeft(done, places.slice(index).map(label));
    session.emit({ type: "run", index: index + 1, runs: places.length, ...label(place), seed, secondsLeft });
    const body = () => {
      const chosen = done.find((run) => run.target === target && run.seed === seed && isTransfer(run.result));
      return bodyOf(options.sizesOf ?? chosen?.result.source as string | undefined, options, cards);
    };
    const searchSeconds = () =>
      longestSearch(done.filter((run) => run.target === target && run.seed === seed), label(place));
    const run = await runArm(session, place, options, { body, searchSeconds });
    done.push(run);
    const { seconds, result: { testAccuracy } } = run;
    await session.run.event({ type: "run", ...label(place), seed, seconds, testAccuracy });
  }
  return done;
}

/** Seconds of the longest search of some runs, from the start of its run to its last epoch. */
function longestSearch(done: readonly FinishedArmRun[], { arm }: { arm: string }): number {
  const seconds = done.flatMap(({ result }) => result.command === "transfer" ? result.curve.at(-1)!.seconds : []);
  if (seconds.length > 0) return Math.max(...seconds);
  throw new RunError(
    `Cannot give ${arm} the time of a search: none has been made, expected scratch or a transfer among --arms`,
  );
}

/** All runs in the order of work. Transfers first: arms without a source take the sizes of the one chosen. */
function listPlaces(arms: readonly Arm[], { targets, seeds }: CompareOptions): Place[] {
  const isFirst = ({ row }: Arm) => row.startsFrom === "supernet";
  const order = [...arms.filter(isFirst), ...arms.filter((arm) => !isFirst(arm))];
  const folders = nameFolders(targets);
  return targets.flatMap((target, i) =>
    seeds.flatMap((seed) =>
      order.map((arm) => ({ target, seed, arm, folder: `${folders[i]}/${arm.name}/seed-${seed}` }))
    )
  );
}

async function runArm(
  session: Session,
  { target, seed, arm, folder }: Place,
  options: CompareOptions,
  found: Pick<RunPlace, "body" | "searchSeconds">,
): Promise<FinishedArmRun> {
  const planned = arm.row.plan({ target, seed, source: arm.source ?? "", ...found }, options);
  const { command, options: configuration, budgetEpochs } = planned;
  const result = await inRun(`${target}, ${arm.name}, seed ${seed}`, async () => {
    await using child = await session.child(folder, { command, configuration });
    return await planned.work(child);
  });
  return { target, arm: arm.name, seed, folder, budgetEpochs, seconds: result.seconds, result };
}

/** Sets all arms on a target beside one another, each run beside the search from scratch of its seed. */
function compareOn(target: string, arms: readonly Arm[], done: readonly FinishedArmRun[]): TargetComparison {
  const here = done.filter((run) => run.target === target);
  const scratch = here.filter(({ arm }) => arm === SCRATCH);
  const bestBySeed = new Map(scratch.map(({ seed, result }) => [seed, bestOf(result.curve)]));
  return summariseTarget(
    target,
    arms.map(({ name }) => ({
      arm: name,
      seeds: here.filter(({ arm }) => arm === name).map((run) => describeRun(run, bestBySeed.get(run.seed))),
    })),
  );
}

/** Whether nearer sources are worth more, where arms start from several entries that are named. */
async function setDistances(
  session: Session,
  compared: readonly TargetComparison[],
  { arms, cards, options }: { arms: readonly Arm[]; cards: readonly Card[]; options: CompareOptions },
) {
  const named = new Map(
    arms.flatMap(({ name, source }) => cards.some((card) => card.name === source) ? [[name, source!]] : []),
  );
  const distances = named.size > 1 ? await measureDistances(session, options) : new Map();
  return correlateDistance(compared, named, distances);
}

/** How far each entry of the zoo is from each target. */
async function measureDistances(session: Session, { targets, transfer, zoo = zooFolder() }: CompareOptions) {
  const distances = new Map<string, DistancesOfEntries>();
  using _ = session.heedInterrupt();
  for (const target of targets) {
    const { ranking } = await rankZoo(session.engine, {
      ...SELECT_DEFAULTS,
      target,
      zoo,
      opening: openingIn(session, transfer.images),
    });
    distances.set(target, new Map(ranking.map((ranked) => [ranked.name, ranked])));
  }
  return distances;
}

/** Names of folders for targets, of which two may end in the same name. */
export function nameFolders(targets: readonly string[]): string[] {
  const names = targets.map((target) => basename(target).toLowerCase().replace(/[^a-z0-9._-]+/g, "-") || "data");
  return names.map((name, i) => {
    const before = names.slice(0, i).filter((other) => other === name).length;
    return before === 0 ? name : `${name}-${before + 1}`;
  });
}

/** Says in an error which run it befell. */
async function inRun<Result>(name: string, work: () => Promise<Result>): Promise<Result> {
  try {
    return await work();
  } catch (error) {
    if (error instanceof Error && !(error instanceof Interrupted)) error.message = `${name}: ${error.message}`;
    throw error;
  }
}
