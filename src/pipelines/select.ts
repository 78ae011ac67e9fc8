import { type Build, Engine } from "../engine/mod.ts";
import { rankZoo, type Selection, type SelectOptions } from "../zoo/mod.ts";

/** What `select` answers. */
export interface SelectResult extends Selection {
  /** Command. */
  readonly command: "select";
  /** Target dataset, as the user named it. */
  readonly target: string;
  /** Seconds of all. */
  readonly seconds: number;
  /** Build, mode, threads and the settings. */
  readonly [further: string]: unknown;
}

/**
 * Ranks the supernets of a zoo by the optimal-transport distance between a target's training images and their sources'.
 *
 * @param options The target, the zoo, settings of the distance; build and threads.
 * @returns The ranking.
 * @throws {DataError | RunError | RangeError} If the target or an entry cannot be read; one line.
 */
export async function select(
  options: SelectOptions & { build?: Build | undefined; threads?: number | undefined },
): Promise<SelectResult> {
  const startedAt = performance.now();
  const { build, threads, opening: _, ...settings } = options;
  const engine = await Engine.start({ build, threads });
  try {
    const selection = await rankZoo(engine, options);
    const { mode } = engine;
    const seconds = Math.round(performance.now() - startedAt) / 1000;
    return {
      command: "select",
      ...settings,
      build: engine.build,
      mode,
      threads: engine.threads,
      seconds,
      ...selection,
    };
  } finally {
    engine.close();
  }
}
