import { join } from "node:path";
import type { Engine } from "../engine/mod.ts";
import { deriveSeed } from "../network/mod.ts";
import { readJson, RunError } from "../run/mod.ts";
import { listZoo, zooFolder } from "../transfer/mod.ts";
import { rankZoo, SELECT_DEFAULTS } from "./select.ts";
import type { Session } from "./session.ts";

/** File of a run that keeps the choice. */
export const SOURCE_FILE = "source.json";

/** The supernet that a transfer starts from. Plain JSON data. */
export interface SourceChoice {
  /** Name or folder. */
  readonly source: string;
  /** Named by the user, the nearest by dataset distance, or one by the seed. */
  readonly sourceChoice: "given" | "auto" | "random";
  /** Entries with their distances, the nearest first, where they were measured. */
  readonly sourceRanking?: readonly { readonly name: string; readonly distance: number }[];
}

/** What decides. */
export interface ChoiceOptions {
  /** `auto`, `random`, or the name or folder of a supernet. */
  readonly source: string;
  /** Target dataset. */
  readonly target: string;
  /** Folder of the zoo; that of the project if left out. */
  readonly zoo?: string;
  /** The user's seed. */
  readonly seed: number;
}

/**
 * Chooses the supernet of a transfer, once: a resumed run goes on with the one that it began with, whatever has come into
 * the zoo since.
 *
 * @param session The run.
 * @param options What decides.
 * @returns The choice.
 * @throws {RunError} If the zoo has no entry to choose.
 * @throws {DataError | RangeError} If the target or an entry cannot be read; one line.
 */
export async function chooseSource(session: Session, options: ChoiceOptions): Promise<SourceChoice> {
  const { source } = options;
  if (source !== "auto" && source !== "random") return { source, sourceChoice: "given" };
  const kept = await readJson(join(session.run.path, SOURCE_FILE));
  if (kept !== undefined) return kept as SourceChoice;
  const choice = source === "auto" ? await chooseNearest(session, options) : await chooseAny(session.engine, options);
  await session.run.writeText(SOURCE_FILE, `${JSON.stringify(choice, null, 2)}\n`);
  return choice;
}

async function chooseNearest({ engine }: Session, options: ChoiceOptions): Promise<SourceChoice> {
  const { target, zoo = zooFolder(), seed } = options;
  const { ranking, unsigned } = await rankZoo(engine, { ...SELECT_DEFAULTS, target, zoo, seed });
  const [nearest] = ranking;
  if (nearest === undefined) {
    throw new RunError(
      `Cannot choose a source from ${zoo}: found ${unsigned.length} entries without a signature, expected one with it`,
    );
  }
  const sourceRanking = ranking.map(({ name, distance }) => ({ name, distance }));
  return { source: nearest.name, sourceChoice: "auto", sourceRanking };
}

async function chooseAny(engine: Engine, { zoo = zooFolder(), seed }: ChoiceOptions): Promise<SourceChoice> {
  const cards = await listZoo(zoo);
  if (cards.length === 0) {
    throw new RunError(`Cannot choose a source from ${zoo}: found no entry, expected at least one`);
  }
  const [drawn] = engine.permutation(cards.length, deriveSeed(seed, "source"), 0);
  return { source: cards[drawn!]!.name, sourceChoice: "random" };
}
