/** Where the text of a column stands. */
export type Alignment = "left" | "right";

const NUMBER = /^([<>≤≥] ?)?[-+−]?[\d.,]+( ?(%|s|min|h|ms|×|[KMGT]?i?B|± ?[\d.,]+( %)?))?$/;
/** A ratio such as `17:1`, a time of two units such as `4 min 20 s`, or numbers in a row. */
const SEVERAL_NUMBERS = /^\d+(:\d+| (min|h|d) \d+ (s|min|h))$|^(> )?[\d.,]+( \/ (> )?[\d.,]+)+$/;

/** What stands in a cell where a number would be. */
export const NOT_MEASURED = "not measured";

/**
 * Sets rows in columns, as plain text.
 *
 * Columns of numbers stand right and others left, unless told otherwise; a first row of words is their heading.
 *
 * @param rows Cells, row by row; short rows are filled up with empty cells.
 * @param options `align`: where the text of each column stands.
 * @returns Lines without a newline at the end; empty for no rows.
 * @example Words stand left and numbers right
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { formatTable } from "./mod.ts";
 *
 * const rows = [["dataset", "images"], ["uci-digits", "5,620"], ["fashion-mnist-12k", "12,000"]];
 * assertEquals(formatTable(rows).split("\n"), [
 *   "dataset            images",
 *   "uci-digits          5,620",
 *   "fashion-mnist-12k  12,000",
 * ]);
 * ```
 */
export function formatTable(
  rows: readonly (readonly string[])[],
  { align = [] }: { align?: readonly Alignment[] } = {},
): string {
  const count = Math.max(0, ...rows.map((row) => row.length));
  const columns = Array.from({ length: count }, (_, column) => {
    const cells = rows.map((row) => row[column] ?? "");
    return { width: Math.max(...cells.map(widthOf)), alignment: align[column] ?? alignmentOf(cells) };
  });
  return rows.map((row) =>
    columns.map(({ width, alignment }, column) => pad(row[column] ?? "", width, alignment)).join("  ").trimEnd()
  ).join("\n");
}

/** Right if all cells but the heading, and those without a value, are numbers. */
export function alignmentOf(cells: readonly string[]): Alignment {
  const body = cells.slice(1).filter((cell) => cell !== "" && cell !== NOT_MEASURED);
  return body.length > 0 && body.every((cell) => NUMBER.test(cell) || SEVERAL_NUMBERS.test(cell)) ? "right" : "left";
}

function pad(text: string, width: number, alignment: Alignment): string {
  const space = " ".repeat(width - widthOf(text));
  return alignment === "right" ? `${space}${text}` : `${text}${space}`;
}

/** Width on the screen: characters as a reader counts them. */
function widthOf(text: string): number {
  return [...new Intl.Segmenter().segment(text)].length;
}
