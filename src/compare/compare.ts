import { openDataset } from "../data/mod.ts";
import { RunError } from "../run/mod.ts";
import { type Card, type EntryBody, listZoo, rankZoo, SELECT_DEFAULTS, zooFolder } from "../zoo/mod.ts";
import { openingIn, type Session } from "../stages/mod.ts";
import { describeRun, type FinishedArmRun } from "./arm_run.ts";
import { correlateDistance, type DistancesOfEntries } from "./distance_benefit.ts";
import { bestOf } from "./milestones.ts";
import type { CompareOptions } from "./options.ts";
import { type Arm, planArms } from "./plan_arms.ts";
import { type CompareResult, isCompareResult, SCRATCH, type TargetComparison } from "./result.ts";
import { type ArmMachines, runArms } from "./run_arms.ts";
import { summarise, summariseTarget } from "./summary.ts";

/**
 * Compares ways to a network for new datasets, all with the same budget, seeds and images.
 *
 * Every target, arm and seed is a run of its own below the folder of this one, `TARGET/ARM/seed-N`, of the command that it
 * would be by hand. What is finished is kept, and what was interrupted goes on.
 *
 * @param session The run that it works in.
 * @param options Targets, seeds, arms and the settings of each.
 * @param machines Who makes the runs; this process, one after the other, if left out. Results are the same.
 * @returns All runs and what they come to; the result of before if the comparison was finished already.
 * @throws {Interrupted} After saving, if asked to stop.
 * @throws {DataError | RunError | RangeError} If something given does not fit; one line that names the run.
 */
export async function compare(
  session: Session,
  options: CompareOptions,
  machines?: ArmMachines,
): Promise<CompareResult> {
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
  const bodyOf = (name: string | undefined) => findBody(name, options, cards);
  const done = await runArms(session, { arms, options, bodyOf, machines });
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
  if (options.sizesOf !== undefined) findBody(options.sizesOf, options, cards);
  if (arms.length === 0) throw new RunError("Cannot compare: no arm is left, expected at least one");
  if (arms.some(({ row }) => row.startsFrom === "nothing")) findBody(options.sizesOf, options, cards);
}

/** The entry of a name; any if none is named. */
function findBody(
  wanted: string | undefined,
  { zoo = zooFolder() }: CompareOptions,
  cards: readonly Card[],
): EntryBody {
  const card = wanted === undefined ? cards[0] : cards.find(({ name }) => name === wanted);
  if (card) return card;
  throw new RunError(`Cannot compare: ${zoo} has no entry ${wanted ?? ""}, expected one whose sizes to take`);
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
