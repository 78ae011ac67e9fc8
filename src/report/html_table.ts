import { escapeHtml } from "./html.ts";
import { alignmentOf } from "./table.ts";

/** Properties that the report shows in another form. */
const DRAWN = new Set(["curve", "trainCurve", "genotype", "arms", "targets", "summary"]);

/**
 * A table with headings.
 *
 * @param rows Cells, row by row; the first row holds the headings.
 * @returns An HTML element.
 */
export function renderTable(rows: readonly (readonly string[])[]): string {
  const [heading = [], ...body] = rows;
  const classes = heading.map((_, column) => {
    const isRight = alignmentOf(rows.map((row) => row[column] ?? "")) === "right";
    return isRight ? ` class="right"` : "";
  });
  const cells = (row: readonly string[], tag: string) =>
    row.map((cell, column) => `<${tag}${classes[column] ?? ""}>${escapeHtml(cell)}</${tag}>`).join("");
  return `<table><thead><tr>${cells(heading, "th")}</tr></thead><tbody>${
    body.map((row) => `<tr>${cells(row, "td")}</tr>`).join("\n")
  }</tbody></table>`;
}

/**
 * A table of named values.
 *
 * @param values Plain JSON data. Curves and architectures are left out: the report draws them.
 * @returns An HTML element; an empty text if nothing is left.
 */
export function renderProperties(values: Readonly<Record<string, unknown>>): string {
  const rows = Object.entries(values).filter(([name, value]) => value !== undefined && !DRAWN.has(name))
    .map(([name, value]) =>
      `<tr><th>${escapeHtml(toWords(name))}</th><td>${escapeHtml(toText(name, value))}</td></tr>`
    );
  return rows.length === 0 ? "" : `<table><tbody>${rows.join("\n")}</tbody></table>`;
}

/** The words of a name in camelCase. */
export function toWords(name: string): string {
  return name.replace(/([a-z0-9])([A-Z])/g, (_, before, after) => `${before} ${after.toLowerCase()}`);
}

/**
 * A value as readers want it: shares named accuracy as percentages, numbers with separators, lists with commas, and of a flat
 * object every name with its value.
 */
export function toText(name: string, value: unknown): string {
  if (typeof value === "number") {
    if (/accuracy$/i.test(name)) return `${(100 * value).toFixed(2)} %`;
    if (name === "seed") return String(value);
    return Number.isInteger(value)
      ? value.toLocaleString("en")
      : value.toLocaleString("en", { maximumSignificantDigits: 5 });
  }
  if (typeof value === "string") return value;
  if (typeof value === "boolean") return value ? "yes" : "no";
  if (value === null) return "none";
  if (Array.isArray(value) && value.every(isScalar)) return value.map((entry) => toText(name, entry)).join(", ");
  if (typeof value === "object" && !Array.isArray(value) && Object.values(value).every(isScalar)) {
    return Object.entries(value).map(([name, entry]) => `${toWords(name)} ${toText(name, entry)}`).join(", ");
  }
  return JSON.stringify(value);
}

function isScalar(value: unknown): boolean {
  return typeof value !== "object";
}
