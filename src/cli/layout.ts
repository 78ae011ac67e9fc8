import { terminalWidth } from "../text/mod.ts";

/** How text is laid out. */
export interface Page {
  /** Characters of a line. */
  readonly columns: number;
  /** Whether headings are bold and notes dimmed. */
  readonly isStyled: boolean;
}

/** A row of a list: what it is about on the left, what is said of it on the right. */
export interface Row {
  /** Left. */
  readonly head: string;
  /** Right; wrapped. */
  readonly text: string;
  /** Set in brackets behind it, dimmed where that can be. */
  readonly note?: string | undefined;
}

/** What is no terminal, such as a file or a pager, gets lines of this width. */
const PLAIN_COLUMNS = 80;

/** Longer lines tire the eye, shorter ones hold no list of two columns. */
const [MOST_COLUMNS, FEWEST_COLUMNS] = [110, 40];

/** A head that is longer than this has a line of its own. */
const LONGEST_HEAD = 26;

const LONGEST_PIECE = 24;

const GAP = 2;

/** The page that standard output is. */
export function openPage(): Page {
  const isTerminal = Deno.stdout.isTerminal();
  const columns = isTerminal ? Math.min(MOST_COLUMNS, Math.max(FEWEST_COLUMNS, terminalWidth())) : PLAIN_COLUMNS;
  return { columns, isStyled: isTerminal && !Deno.noColor };
}

/** A heading. */
export function heading(text: string, { isStyled }: Page): string {
  return isStyled ? `\x1b[1m${text}\x1b[22m` : text;
}

/**
 * Wraps a paragraph.
 *
 * @param text Words with single spaces between them.
 * @param page The page that they are laid out for.
 * @returns Its lines.
 */
export function wrap(text: string, { columns }: Page): string[] {
  return fill(text.split(" "), columns).map((words) => words.join(" "));
}

/**
 * Sets rows in two columns, the right one wrapped; all of them belong to lists of one width.
 *
 * @param rows What stands left and right, and a note to go behind it.
 * @param page The page that they are laid out for.
 * @param width Characters of the left column, see {@linkcode headWidth}.
 * @returns Lines, indented.
 */
export function list(rows: readonly Row[], page: Page, width = headWidth(rows)): string[] {
  const indent = " ".repeat(2 * GAP + width);
  return rows.flatMap(({ head, text, note }) => {
    const words = [...text.split(" "), ...noteWords(note).map(dimmed(page))];
    const lines = fill(words, Math.max(20, page.columns - indent.length)).map((line) => line.join(" "));
    const first = `${" ".repeat(GAP)}${head.padEnd(width)}${" ".repeat(GAP)}`;
    if (head.length > width) lines.unshift("");
    return lines.map((line, i) => `${i === 0 ? first : indent}${line}`.trimEnd());
  });
}

/** Width of the left column for rows. */
export function headWidth(rows: readonly Row[]): number {
  return Math.max(0, ...rows.map(({ head }) => head.length).filter((length) => length <= LONGEST_HEAD));
}

/** A short note stays in one piece. */
function noteWords(note: string | undefined): string[] {
  if (note === undefined) return [];
  return note.length <= LONGEST_PIECE ? [`[${note}]`] : `[${note}]`.split(" ");
}

/** Styled word by word, so that a line may break anywhere. */
function dimmed({ isStyled }: Page): (word: string) => string {
  return (word) => isStyled ? `\x1b[2m${word}\x1b[22m` : word;
}

/** Puts as many words into a line as fit. */
function fill(words: readonly string[], columns: number): string[][] {
  const lines: string[][] = [];
  let length = Infinity;
  for (const word of words) {
    const size = visibleLength(word);
    if (length + 1 + size > columns) {
      lines.push([word]);
      length = size;
    } else {
      lines.at(-1)!.push(word);
      length += 1 + size;
    }
  }
  return lines;
}

function visibleLength(word: string): number {
  // deno-lint-ignore no-control-regex
  return word.replace(/\x1b\[\d+m/g, "").length;
}
