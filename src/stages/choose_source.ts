import { join } from "node:path";
import type { ImportSettings } from "../data/mod.ts";
import { deriveSeed } from "../network/mod.ts";
import { AMOUNT, checkShape, listOf, NUMBER, oneOf, optional, readJson, record, RunError, TEXT } from "../run/mod.ts";
import {
  type Card,
  HOW_TO_FETCH,
  listZoo,
  NETWORK_FILE,
  type RankedSource,
  rankZoo,
  SELECT_DEFAULTS,
  zooFolder,
} from "../zoo/mod.ts";
import type { SourceGroup } from "./groups.ts";
import { openingIn } from "./open_images.ts";
import type { Session } from "./session.ts";

/** File of a run that keeps the choice. */
export const SOURCE_FILE = "source.json";

/** An entry of the zoo, and how far its data is from the target. */
export interface RankedEntry extends Pick<RankedSource, "name" | "distance"> {
  /** Pairs of classes of the target and its nearest dataset that are closest. */
  readonly closest?: RankedSource["closest"] | undefined;
}

/** What a {@linkcode RankedEntry} of a file must be. */
export const RANKED_SHAPE = record({
  name: TEXT,
  distance: NUMBER,
  closest: optional(listOf(record({ target: TEXT, source: TEXT, distance: NUMBER }))),
});

/** The supernet that a transfer starts from. Plain JSON data. */
export interface SourceChoice {
  /** Name or folder. */
  readonly source: string;
  /** Named by the user, the nearest by dataset distance (of all, or of those with a single dataset), or one by the seed. */
  readonly sourceChoice: "given" | "auto" | "single" | "random";
  /** Entries with their distances, the nearest first, where they were measured. */
  readonly sourceRanking?: readonly RankedEntry[];
  /** Seconds that the choice took, which count as the run's. */
  readonly sourceSeconds?: number;
}

const CHOICE_SHAPE = record({
  source: TEXT,
  sourceChoice: oneOf("auto", "single", "random"),
  sourceRanking: optional(listOf(RANKED_SHAPE)),
  sourceSeconds: optional(AMOUNT),
});

/** What decides. */
export interface ChoiceOptions {
  /** `auto`, `single`, `random`, or the name or folder of a supernet; and the zoo. */
  readonly source: SourceGroup;
  /** Target dataset. */
  readonly target: string;
  /** How its pictures become images. */
  readonly images?: ImportSettings | undefined;
  /** The user's seed. */
  readonly seed: number;
  /** Whether only entries with a trained network can be chosen. */
  readonly needsNetwork?: boolean | undefined;
}

/**
 * Chooses the supernet of a transfer, once: a resumed run goes on with the one that it began with, whatever has come into
 * the zoo since.
 *
 * @param session The run.
 * @param options What decides.
 * @param isCounted Whether a checkpoint's clock has the seconds of a choice made before; they are added if not.
 * @returns The choice.
 * @throws {RunError} If the zoo has no entry to choose.
 * @throws {DataError | RangeError} If the target or an entry cannot be read; one line.
 */
export async function chooseSource(
  session: Session,
  options: ChoiceOptions,
  isCounted = false,
): Promise<SourceChoice> {
  const { name } = options.source;
  if (name !== "auto" && name !== "single" && name !== "random") return { source: name, sourceChoice: "given" };
  const file = join(session.run.path, SOURCE_FILE);
  const kept = await readJson(file) as SourceChoice | undefined;
  if (kept !== undefined) {
    checkShape(kept, CHOICE_SHAPE, file);
    if (!isCounted) session.addSeconds(kept.sourceSeconds ?? 0);
    return kept;
  }
  const startedAt = performance.now();
  // Comparing datasets may take long: whoever wants to stop is heard between any two.
  using _ = session.heedInterrupt();
  const found = name === "random" ? await chooseAny(session, options) : await chooseNearest(session, name, options);
  const choice: SourceChoice = { ...found, sourceSeconds: Math.round(performance.now() - startedAt) / 1000 };
  await session.run.writeText(SOURCE_FILE, `${JSON.stringify(choice, null, 2)}\n`);
  return choice;
}

async function chooseNearest(
  session: Session,
  among: "auto" | "single",
  { source: { zoo = zooFolder() }, target, images, seed, needsNetwork = false }: ChoiceOptions,
): Promise<SourceChoice> {
  const only = (card: Card) => (!needsNetwork || hasNetwork(card)) && (among === "auto" || card.sources.length === 1);
  const { ranking, unsigned, problems } = await rankZoo(session.engine, {
    ...SELECT_DEFAULTS,
    only,
    target,
    opening: openingIn(session, images),
    zoo,
    seed,
  });
  tellProblems(session, problems);
  const [nearest] = ranking;
  if (nearest === undefined) {
    throw new RunError(
      `Cannot choose a source from ${zoo}: found ${unsigned.length} entries without a signature, expected one with it` +
        (needsNetwork ? " and a trained network" : "") + (among === "single" ? " and a single dataset" : ""),
    );
  }
  const sourceRanking = ranking.map(({ name, distance, closest }) => ({ name, distance, closest }));
  return { source: nearest.name, sourceChoice: among, sourceRanking };
}

async function chooseAny(
  session: Session,
  { source: { zoo = zooFolder() }, seed, needsNetwork = false }: ChoiceOptions,
): Promise<SourceChoice> {
  const { cards: all, problems } = await listZoo(zoo);
  tellProblems(session, problems);
  const cards = all.filter((card) => !needsNetwork || hasNetwork(card));
  if (cards.length === 0) {
    const wanted = needsNetwork ? "one with a trained network" : "at least one";
    throw new RunError(`Cannot choose a source from ${zoo}: found no entry, expected ${wanted}: ${HOW_TO_FETCH}`);
  }
  const [drawn] = session.engine.permutation(cards.length, deriveSeed(seed, "source"), 0);
  return { source: cards[drawn!]!.name, sourceChoice: "random" };
}

function tellProblems(session: Session, problems: readonly string[]): void {
  for (const text of problems) session.emit({ type: "stage", stage: "select", text });
}

function hasNetwork({ files }: Card): boolean {
  return files[NETWORK_FILE] !== undefined;
}
