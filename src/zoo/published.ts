import cards from "../../data/published.json" with { type: "json" };
import type { CardFile } from "./card.ts";

/**
 * Length and checksum of the card of each entry of the project's zoo, by its name. A card holds the checksums of its entry's files, so
 * this is all that tells the published zoo from another. `deno task list-zoo` renews it.
 */
export const PUBLISHED_CARDS: Readonly<Record<string, CardFile>> = cards;

/** What to do where the supernets of the project are not there, such as beside an installed package. */
export const HOW_TO_FETCH = "zoo fetch --from ADDRESS fetches those of the project, --zoo names others";
