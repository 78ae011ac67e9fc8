import { SCRATCH_INHERIT, SCRATCH_LEARNING_RATE } from "./options.ts";
import { isRunResult, type RunResult, type Session } from "../stages/mod.ts";
import { transfer, type TransferOptions } from "../pipelines/mod.ts";

/** The two arms of the demonstration. */
export interface DemoResult {
  /** Command. */
  readonly command: string;
  /** Target dataset. */
  readonly target: string;
  /** Source supernet. */
  readonly source: string;
  /** The user's seed. */
  readonly seed: number;
  /** Seconds of both. */
  readonly seconds: number;
  /** Result of each. */
  readonly arms: readonly { readonly arm: string; readonly result: RunResult }[];
  /** Build, mode and threads. */
  readonly [further: string]: unknown;
}

/**
 * Transfers a supernet to a dataset, and does the same from scratch with the same budget, to set one beside the other.
 * Scratch has its own best learning rate, its own best start of the derived network and the same way to a head: what is left is
 * the source's doing.
 *
 * Each arm is a run of its own in the folder of this one.
 *
 * @param session The run that it works in.
 * @param options Those of the first arm.
 * @returns Both results; those of before if the run was finished already.
 * @throws {Interrupted} After saving, if asked to stop.
 */
export async function demo(session: Session, options: TransferOptions): Promise<DemoResult> {
  const finished = await session.finishedResult(isDemoResult);
  if (finished !== undefined) return finished;
  const { source: from, search, training } = options;
  const { head = "refitted" } = search;
  const scratch: TransferOptions = {
    ...options,
    source: { ...from, prior: "none" },
    search: { ...search, head, learningRate: SCRATCH_LEARNING_RATE },
    training: { ...training, inherit: SCRATCH_INHERIT },
  };
  const arms: { arm: string; result: RunResult }[] = [];
  for (const [arm, configuration] of [["transfer", options], ["scratch", scratch]] as const) {
    await using child = await session.child(arm, { command: "transfer", configuration });
    arms.push({ arm, result: await transfer(child, configuration) });
  }
  const { target, seed } = options;
  // The entry that was chosen, where the user left the choice to the distance.
  const source = (arms[0]!.result.source as string | undefined) ?? from.name;
  const seconds = arms.reduce((sum, { result }) => sum + result.seconds, 0);
  const result = { ...session.circumstances, target, source, seed, seconds, arms };
  await session.run.writeResult(result);
  return result;
}

/** Whether a value, such as the content of a `result.json`, is the result of a demonstration. */
export function isDemoResult(value: unknown): value is DemoResult {
  if (typeof value !== "object" || value === null) return false;
  const { command, target, seed, seconds, arms } = value as Record<string, unknown>;
  return [command, target].every((text) => typeof text === "string") &&
    [seed, seconds].every((figure) => typeof figure === "number") &&
    Array.isArray(arms) && arms.length === 2 &&
    arms.every((arm) => typeof arm?.arm === "string" && isRunResult(arm.result));
}
