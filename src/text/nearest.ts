/**
 * Finds the known word that a mistyped one was probably meant to be.
 *
 * The same word in other letters' case goes first, then one that begins with what was typed (three characters or more),
 * then the one of the fewest edits: at most a third of its characters, and at least one, may be wrong.
 *
 * @param typed What was typed.
 * @param known Words that there are; of equally near ones the first counts.
 * @returns The word; undefined if none is near.
 * @example A slip of the fingers
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { nearest } from "./mod.ts";
 *
 * assertEquals(nearest("serach", ["train", "search"]), "search");
 * assertEquals(nearest("banana", ["train", "search"]), undefined);
 * ```
 */
export function nearest(typed: string, known: Iterable<string>): string | undefined {
  const word = typed.toLowerCase();
  let [found, least]: [string | undefined, number] = [undefined, Infinity];
  for (const candidate of known) {
    const distance = rank(word, candidate.toLowerCase());
    if (distance < least) [found, least] = [candidate, distance];
  }
  return found;
}

/**
 * Words a guess for the end of a message.
 *
 * @param typed What was typed.
 * @param known Words that there are.
 * @returns ` (did you mean search?)`, with the space before it; empty if no known word is near.
 * @example The end of a message
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { didYouMean } from "./mod.ts";
 *
 * assertEquals(`Unknown command serach${didYouMean("serach", ["search"])}`, "Unknown command serach (did you mean search?)");
 * ```
 */
export function didYouMean(typed: string, known: Iterable<string>): string {
  const guess = nearest(typed, known);
  return guess === undefined ? "" : ` (did you mean ${guess}?)`;
}

/** Longest text that is compared: the work grows with the product of two lengths, and no name is as long. */
const LONGEST = 100;

function rank(word: string, candidate: string): number {
  if (word === candidate) return 0;
  if (word.length > LONGEST || candidate.length > LONGEST) return Infinity;
  if (word.length >= 3 && candidate.startsWith(word)) return 0.5;
  const distance = countEdits(word, candidate);
  return distance <= Math.max(1, Math.floor(candidate.length / 3)) && distance < candidate.length ? distance : Infinity;
}

/**
 * Counts the edits between two words: a character inserted, dropped or replaced, or two neighbours swapped (optimal string
 * alignment). Swapped neighbours are the commonest slip, which is why Levenshtein's distance, where they count twice, is not used.
 */
function countEdits(a: string, b: string): number {
  let [before, last] = [[] as number[], Array.from({ length: b.length + 1 }, (_, j) => j)];
  for (let i = 1; i <= a.length; i++) {
    const row = [i];
    for (let j = 1; j <= b.length; j++) {
      const replaced = last[j - 1]! + (a[i - 1] === b[j - 1] ? 0 : 1);
      row[j] = Math.min(last[j]! + 1, row[j - 1]! + 1, replaced);
      const isSwap = i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1];
      if (isSwap) row[j] = Math.min(row[j]!, before[j - 2]! + 1);
    }
    [before, last] = [last, row];
  }
  return last[b.length]!;
}
