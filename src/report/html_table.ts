import { escapeHtml } from "./html.ts";
import { alignmentOf } from "../text/mod.ts";

/** From so many columns on, a phone shows each row as a card. */
const MANY_COLUMNS = 4;
/** Letters that a phone has room for beside each other, the longest cell of each column counted. */
const MANY_LETTERS = 40;
/** From so many on, its type is smaller. */
const TOO_MANY_COLUMNS = 9;

/** A table with a title; its first row holds the headings. */
export interface TitledTable {
  /** Title. */
  readonly title: string;
  /** Cells, row by row. */
  readonly rows: readonly (readonly string[])[];
}

/**
 * A table with headings. Where it is too wide for a phone, each row becomes a card there, with the headings beside its values.
 *
 * @param rows Cells, row by row; the first row holds the headings, the first column what a row is about.
 * @returns An HTML element.
 */
export function renderTable(rows: readonly (readonly string[])[]): string {
  const [heading = [], ...body] = rows;
  const isRight = heading.map((_, column) => alignmentOf(rows.map((row) => row[column] ?? "")) === "right");
  const attributes = (column: number) => isRight[column] ? ` class="right"` : "";
  const head = heading.map((cell, column) => {
    const element = cell === "" ? "td" : "th";
    return `<${element}${element === "th" ? ` scope="col"` : ""}${attributes(column)}>${escapeHtml(cell)}</${element}>`;
  });
  const lines = body.map((row) => {
    const cells = heading.map((name, column) => {
      const cell = escapeHtml(row[column] ?? "");
      if (column === 0) return `<th scope="row"${attributes(column)}>${cell}</th>`;
      return `<td data-label="${escapeHtml(name)}"${attributes(column)}>${cell}</td>`;
    });
    return `<tr>${cells.join("")}</tr>`;
  });
  const style = [
    "list",
    ...(isWide(rows) ? ["cards"] : []),
    ...(heading.length >= TOO_MANY_COLUMNS ? ["dense"] : []),
  ].join(" ");
  return `<table class="${style}"><thead><tr>${head.join("")}</tr></thead><tbody>${lines.join("\n")}</tbody></table>`;
}

function isWide(rows: readonly (readonly string[])[]): boolean {
  const longest = (rows[0] ?? []).map((_, column) => Math.max(...rows.map((row) => row[column]?.length ?? 0)));
  return longest.length >= MANY_COLUMNS ||
    longest.length > 2 && longest.reduce((sum, length) => sum + length) > MANY_LETTERS;
}
