import { basename, join } from "node:path";
import { AMOUNT, checkShape, Interrupted, listOf, openRun, record, RunError, TEXT } from "../run/mod.ts";
import type { Session } from "../stages/mod.ts";
import type { EntryBody } from "../zoo/mod.ts";
import { type FinishedArmRun, isTransfer } from "./arm_run.ts";
import type { ArmResult, PlannedRun, RunPlace } from "./arms/arm.ts";
import type { CompareOptions } from "./options.ts";
import type { Arm } from "./plan_arms.ts";
import { estimateSecondsLeft } from "./time_left.ts";

/** Other processes that make runs of a comparison, on this machine or elsewhere. */
export interface ArmMachines {
  /**
   * Has a run made, or waits for it.
   *
   * @param folder Its folder within that of the comparison, in which it is once it is finished.
   * @param planned What is to be run.
   * @returns Whether it is there; false if only this process can make it.
   * @throws {RunError} If it was set aside.
   * @throws {Interrupted} If this process is to stop.
   */
  make(folder: string, planned: PlannedRun): Promise<boolean>;
}

/** How the runs of a comparison are made. */
export interface ArmRunsOptions {
  /** The arms. */
  readonly arms: readonly Arm[];
  /** Options of the comparison. */
  readonly options: CompareOptions;
  /** The entry of a name; any if none is named. */
  readonly bodyOf: (name: string | undefined) => EntryBody;
  /** Who makes runs; this process, one after the other, if left out. */
  readonly machines?: ArmMachines | undefined;
}

/** One run of the comparison, to be made. */
interface Place {
  readonly target: string;
  readonly seed: number;
  readonly arm: Arm;
  readonly folder: string;
}

/**
 * Makes all runs of a comparison that are not finished. Other machines begin each as soon as what it needs is there; what they
 * cannot make is made here, in its turn.
 *
 * @param session The comparison's run; its history is told again from the start.
 * @param given Arms, options, machines.
 * @returns All runs in the order of work, whoever made them.
 * @throws {Interrupted} After saving, if asked to stop.
 * @throws {DataError | RunError | RangeError} If a run fails; names it.
 */
export async function runArms(session: Session, given: ArmRunsOptions): Promise<FinishedArmRun[]> {
  // Finished runs take no time.
  await session.run.loadCheckpoint();
  const places = listPlaces(given.arms, given.options);
  const results = places.map(() => Promise.withResolvers<ArmResult>());
  const plans = places.map((place, i) => () => planRun(place, { ...given, before: listPeers(places, results, i) }));
  const made = places.map((place, i) => makeElsewhere(session, { place, plan: plans[i]!, machines: given.machines }));
  made.forEach((one, i) => one.then((result) => result && results[i]!.resolve(result)).catch(() => {}));
  // A run that fails ends the comparison at once, not in its turn.
  const failure = new Promise<never>((_, reject) => made.forEach((one) => one.catch(reject)));
  failure.catch(() => {});
  const done: FinishedArmRun[] = [];
  for (const [index, { target, seed, arm: { name: arm }, folder }] of places.entries()) {
    const left = places.slice(index).map((place) => ({ target: place.target, arm: place.arm.name }));
    const secondsLeft = estimateSecondsLeft(done, left);
    session.emit({ type: "run", index: index + 1, runs: places.length, target, arm, seed, secondsLeft });
    await Promise.race([made[index]!, failure]);
    const { planned, result } = await runHere(session, places[index]!, plans[index]!);
    results[index]!.resolve(result);
    const { seconds, testAccuracy } = result;
    done.push({ target, arm, seed, folder, budgetEpochs: planned.budgetEpochs, seconds, result });
    await session.run.event({ type: "run", target, arm, seed, seconds, testAccuracy });
  }
  return done;
}

/** A run with the same target and seed, before another. */
interface Peer {
  readonly arm: Arm;
  readonly result: Promise<ArmResult>;
}

function listPeers(places: readonly Place[], results: readonly PromiseWithResolvers<ArmResult>[], at: number): Peer[] {
  const { target, seed } = places[at]!;
  return places.slice(0, at).flatMap((place, i) =>
    place.target === target && place.seed === seed ? [{ arm: place.arm, result: results[i]!.promise }] : []
  );
}

/** Plans a run, once the runs are finished on which it depends. */
async function planRun(
  { target, seed, arm }: Place,
  { options, bodyOf, before }: Pick<ArmRunsOptions, "options" | "bodyOf"> & { before: readonly Peer[] },
): Promise<PlannedRun> {
  const resultsOf = (peers: readonly Peer[]) => Promise.all(peers.map(({ result }) => result));
  const found: Pick<RunPlace, "body" | "searchSeconds"> = {
    body: async () => {
      if (options.sizesOf !== undefined) return bodyOf(options.sizesOf);
      const transfers = await resultsOf(before.filter((peer) => isFromSupernet(peer.arm)));
      return bodyOf(transfers.find(isTransfer)?.source as string | undefined);
    },
    searchSeconds: async () => longestSearch(await resultsOf(before), arm),
  };
  return await arm.row.plan({ target, seed, source: arm.source ?? "", ...found }, options);
}

/** Seconds of the longest search of some runs, from the start of its run to its last epoch. */
function longestSearch(results: readonly ArmResult[], { name }: Arm): number {
  const seconds = results.flatMap(({ command, curve }) => command === "transfer" ? [curve.at(-1)!.seconds] : []);
  if (seconds.length > 0) return Math.max(...seconds);
  throw new RunError(
    `Cannot give ${name} the time of a search: none has been made, expected scratch or a transfer among --arms`,
  );
}

/** All runs in the order of work. Transfers first: arms without a source take the sizes of the one chosen. */
function listPlaces(arms: readonly Arm[], { targets, seeds }: CompareOptions): Place[] {
  const order = [...arms.filter(isFromSupernet), ...arms.filter((arm) => !isFromSupernet(arm))];
  const folders = nameFolders(targets);
  return targets.flatMap((target, i) =>
    seeds.flatMap((seed) =>
      order.map((arm) => ({ target, seed, arm, folder: `${folders[i]}/${arm.name}/seed-${seed}` }))
    )
  );
}

function isFromSupernet({ row }: Arm): boolean {
  return row.startsFrom === "supernet";
}

/** Names of folders for targets, of which two may end in the same name. */
export function nameFolders(targets: readonly string[]): string[] {
  const names = targets.map((target) => basename(target).toLowerCase().replace(/[^a-z0-9._-]+/g, "-") || "data");
  return names.map((name, i) => {
    const before = names.slice(0, i).filter((other) => other === name).length;
    return before === 0 ? name : `${name}-${before + 1}`;
  });
}

/** What is read of a result that another process wrote, before its pipeline reads all of it. */
const RESULT_SHAPE = record({ command: TEXT, curve: listOf(record({ seconds: AMOUNT })) });

/** Has a run made by other processes; undefined if this one is to make it. */
function makeElsewhere(
  session: Session,
  { place, plan, machines }: { place: Place; plan: () => Promise<PlannedRun>; machines: ArmMachines | undefined },
): Promise<ArmResult | undefined> {
  return inRun(place, async () => {
    if (machines === undefined || !await machines.make(place.folder, await plan())) return undefined;
    const folder = join(session.run.path, place.folder);
    const { result } = await openRun(folder);
    checkShape(result, RESULT_SHAPE, `${folder}/result.json`);
    return result as ArmResult;
  });
}

/** Makes a run in this process; one that is finished is read. */
function runHere(session: Session, place: Place, plan: () => Promise<PlannedRun>) {
  return inRun(place, async () => {
    const planned = await plan();
    const { command, options: configuration } = planned;
    await using child = await session.child(place.folder, { command, configuration });
    return { planned, result: await planned.work(child) };
  });
}

/** Says in an error which run it befell. */
async function inRun<Result>({ target, arm, seed }: Place, work: () => Promise<Result>): Promise<Result> {
  try {
    return await work();
  } catch (error) {
    if (error instanceof Error && !(error instanceof Interrupted)) {
      error.message = `${target}, ${arm.name}, seed ${seed}: ${error.message}`;
    }
    throw error;
  }
}
