/**
 * The last part of a path, or a name as it is: reports are headed by names.
 *
 * @param subject A dataset, entry or run as the user gave it; several with commas between.
 * @returns The name; of more than three their number.
 */
export function nameOf(subject: string): string {
  const names = subject.split(",").map((part) => part.trim().replace(/[/\\]+$/, "").split(/[/\\]/).at(-1)!);
  if (names.length > 3) return `${names.length} datasets`;
  return listOf(names);
}

/** Words in a row: `a`, `a and b`, `a, b and c`. */
export function listOf(words: readonly string[]): string {
  if (words.length < 2) return words.join("");
  return `${words.slice(0, -1).join(", ")} and ${words.at(-1)}`;
}

/** A share as a percentage with a decimal. */
export function formatShare(share: number): string {
  return `${(100 * share).toFixed(1)} %`;
}

/** A difference of shares in percentage points, without its sign. */
export function formatPoints(difference: number): string {
  const points = Math.abs(100 * difference).toFixed(1);
  return `${points} ${points === "1.0" ? "point" : "points"}`;
}

const LARGE = [[1e12, "trillion"], [1e9, "billion"], [1e6, "million"]] as const;

/** A whole number with separators; from a million on in words, with two digits that matter: `9.0 million`. */
export function formatCount(value: number): string {
  const [unit, word] = LARGE.find(([unit]) => value >= unit) ?? [1, ""];
  if (word === "") return Math.round(value).toLocaleString("en");
  const scaled = value / unit;
  return `${scaled.toFixed(scaled < 10 ? 1 : 0)} ${word}`;
}

const BINARY = [[2 ** 30, "GiB"], [2 ** 20, "MiB"], [2 ** 10, "KiB"]] as const;

/** A number of bytes in the largest unit that it fills, with two or three digits that matter: `1.4 GiB`, `312 MiB`. */
export function formatBytes(bytes: number): string {
  const [unit, word] = BINARY.find(([unit]) => bytes >= unit) ?? [1, "bytes"];
  const scaled = bytes / unit;
  return `${unit > 1 && scaled < 10 ? scaled.toFixed(1) : scaled.toFixed(0)} ${word}`;
}

/** Breaks a text at spaces into lines of at most so many characters, where it can. */
export function wrapWords(text: string, most: number): string[] {
  const lines: string[] = [];
  for (const word of text.split(" ")) {
    const last = lines.at(-1);
    if (last !== undefined && last.length + 1 + word.length <= most) lines[lines.length - 1] = `${last} ${word}`;
    else lines.push(word);
  }
  return lines;
}

/** A text of at most so many characters, as a reader counts them; of a longer one the beginning, with an ellipsis. */
export function shorten(text: string, most: number): string {
  const letters = [...new Intl.Segmenter().segment(text)].map(({ segment }) => segment);
  return letters.length <= most ? text : `${letters.slice(0, most - 1).join("").trimEnd()}…`;
}
