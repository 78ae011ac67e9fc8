import { basename } from "node:path";
import { openDataset } from "../data/mod.ts";
import { Interrupted, RunError } from "../run/mod.ts";
import { type EntryBody, listZoo, rankZoo, SELECT_DEFAULTS, zooFolder } from "../zoo/mod.ts";
import { type Arm, type CompareOptions, planArms, planRun } from "./arms.ts";
import type { ArmRun, CompareResult, TargetComparison } from "./result.ts";
import { SCRATCH, summarise, summariseTarget } from "./summary.ts";
import { correlateDistance, type DistancesOfEntries } from "./distance_benefit.ts";
import { bestOf, findMilestones } from "./milestones.ts";
import { curveFromStart, type RunResult, type Session } from "../stages/mod.ts";
import { estimateSecondsLeft, type FinishedRun } from "./time_left.ts";

/**
 * Compares ways to a network for new datasets, all with the same budget, seeds and images.
 *
 * Every target, arm and seed is a run of its own below the folder of this one, `TARGET/ARM/seed-N`, of the command that it
 * would be by hand. What is finished is kept, and what was interrupted goes on.
 *
 * @param session Where.
 * @param options What and how.
 * @returns All runs and what they come to; the result of before if the comparison was finished already.
 * @throws {Interrupted} After saving, if asked to stop.
 * @throws {DataError | RunError | RangeError} If something given does not fit; one line that names the run.
 */
export async function compare(session: Session, options: CompareOptions): Promise<CompareResult> {
  const finished = await session.run.result();
  if (finished !== undefined) return finished as CompareResult;
  const { targets, seeds, zoo = zooFolder() } = options;
  // Whatever does not fit is said before hours of work, not after them.
  const cards = await listZoo(zoo);
  const overlaps: { target: string; entry: string }[] = [];
  for (const target of targets) {
    const { fingerprint } = await openDataset(target);
    for (const { name, sources } of cards) {
      if (!sources.some((source) => source.fingerprint === fingerprint)) continue;
      overlaps.push({ target, entry: name });
      const text = `${name} was pretrained on ${target} itself: that target tells nothing of new data`;
      session.emit({ type: "stage", stage: "compare", text });
    }
  }
  const { arms, leftOut } = planArms(options, cards);
  for (const { arm, reason } of leftOut) {
    session.emit({ type: "stage", stage: "compare", text: `${arm} is left out: ${reason}` });
  }
  const bodyOf = (name: string | undefined): EntryBody => {
    const card = name === undefined ? cards[0] : cards.find((card) => card.name === name);
    if (card) return card;
    throw new RunError(`Cannot compare: ${zoo} has no entry ${name ?? ""}, expected one whose sizes to take`);
  };
  if (options.sizesOf !== undefined) bodyOf(options.sizesOf);
  if (arms.length === 0) throw new RunError("Cannot compare: no arm is left, expected at least one");
  if (arms.some(({ kind }) => kind !== "transfer" && !kind.startsWith("traditional"))) bodyOf(options.sizesOf);

  // The history of the comparison itself is told again from the start: finished runs take no time.
  await session.run.loadCheckpoint();
  const folders = nameFolders(targets);
  const order = inOrderOfWork(arms);
  const places = targets.flatMap((target, i) =>
    seeds.flatMap((seed) =>
      order.map((arm) => ({ target, seed, arm, folder: `${folders[i]}/${arm.name}/seed-${seed}` }))
    )
  );
  const done: (FinishedRun & { seed: number; folder: string; budgetEpochs: number; result: RunResult })[] = [];
  for (const [index, place] of places.entries()) {
    const { target, seed, arm, folder } = place;
    const label = (entry: typeof place) => ({ target: entry.target, arm: entry.arm.name });
    const secondsLeft = estimateSecondsLeft(done, places.slice(index).map(label));
    session.emit({ type: "run", index: index + 1, runs: places.length, ...label(place), seed, secondsLeft });
    const planned = planRun(arm, {
      target,
      seed,
      body: () => {
        const chosen = done.find((run) => run.target === target && run.seed === seed && isTransfer(run.result));
        return bodyOf(options.sizesOf ?? chosen?.result.source as string | undefined);
      },
    }, options);
    const { command, configuration, budgetEpochs } = planned;
    const result = await inRun(`${target}, ${arm.name}, seed ${seed}`, async () => {
      await using child = await session.child(folder, { command, configuration });
      return await planned.work(child);
    });
    done.push({ ...label(place), seed, folder, budgetEpochs, seconds: result.seconds, result });
    const { seconds, testAccuracy } = result;
    await session.run.event({ type: "run", ...label(place), seed, seconds, testAccuracy });
  }

  const compared = targets.map((target): TargetComparison => {
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
  });
  const named = new Map(
    arms.flatMap(({ name, source }) => cards.some((card) => card.name === source) ? [[name, source!]] : []),
  );
  const distance = correlateDistance(
    compared,
    named,
    named.size > 1 ? await measureDistances(session, options) : new Map(),
  );
  const result: CompareResult = {
    ...session.circumstances,
    command: "compare",
    seeds,
    epochs: options.epochs,
    scratchEpochs: options.scratchEpochs ?? options.epochs,
    trainEpochs: options.trainEpochs,
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

/** How far each entry of the zoo is from each target. */
async function measureDistances({ engine }: Session, { targets, zoo = zooFolder() }: CompareOptions) {
  const distances = new Map<string, DistancesOfEntries>();
  for (const target of targets) {
    const { ranking } = await rankZoo(engine, { ...SELECT_DEFAULTS, target, zoo });
    distances.set(target, new Map(ranking.map((ranked) => [ranked.name, ranked])));
  }
  return distances;
}

/** Transfers first: arms without a source take the sizes of the one chosen. */
function inOrderOfWork(arms: readonly Arm[]): Arm[] {
  const isFirst = ({ kind }: Arm) => kind === "transfer";
  return [...arms.filter(isFirst), ...arms.filter((arm) => !isFirst(arm))];
}

function isTransfer({ command, prior }: RunResult): boolean {
  return command === "transfer" && prior !== "none";
}

function describeRun(
  run: { seed: number; folder: string; budgetEpochs: number; result: RunResult },
  best: number | undefined,
): ArmRun {
  const { seed, folder, budgetEpochs, result } = run;
  const { testAccuracy, parameters, macs, epochs, seconds } = result;
  const curve = curveFromStart(result);
  const last = curve.at(-1)!;
  const hasSource = result.command === "traditional" || isTransfer(result);
  return {
    seed,
    source: hasSource ? result.source as string : null,
    folder,
    curve,
    ...findMilestones(curve, best),
    budgetEpochs,
    budgetSeconds: last.seconds * budgetEpochs / last.epoch,
    bestValidAccuracy: bestOf(curve) ?? null,
    testAccuracy: testAccuracy!,
    parameters,
    macs,
    epochs,
    seconds,
  };
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
