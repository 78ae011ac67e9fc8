import { SCRATCH_LEARNING_RATE } from "./arms.ts";
import type { RunResult, Session } from "../stages/mod.ts";
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
 * Scratch has its own best learning rate and the same way to a head: what is left is the source's doing.
 *
 * Each arm is a run of its own in the folder of this one.
 *
 * @param session Where.
 * @param options Those of the first arm.
 * @returns Both results; those of before if the run was finished already.
 * @throws {Interrupted} After saving, if asked to stop.
 */
export async function demo(session: Session, options: TransferOptions): Promise<DemoResult> {
  const finished = await session.run.result();
  if (finished !== undefined) return finished as DemoResult;
  const scratch = { head: "refitted", ...options, learningRate: SCRATCH_LEARNING_RATE, prior: "none" } as const;
  const arms: { arm: string; result: RunResult }[] = [];
  for (const [arm, configuration] of [["transfer", options], ["scratch", scratch]] as const) {
    await using child = await session.child(arm, { command: "transfer", configuration: { ...configuration } });
    arms.push({ arm, result: await transfer(child, configuration) });
  }
  const { target, seed } = options;
  // The entry that was chosen, where the user left the choice to the distance.
  const source = (arms[0]!.result.source as string | undefined) ?? options.source;
  const seconds = arms.reduce((sum, { result }) => sum + result.seconds, 0);
  const result = { ...session.circumstances, target, source, seed, seconds, arms };
  await session.run.writeResult(result);
  return result;
}
