import { escapeHtml } from "./html.ts";
import { renderTable } from "./html_table.ts";

/** Lists of more entries than these are told by their length. */
const MOST_ENTRIES = 12;

/** Units and words of settings and results, by the last word of their names. */
const UNITS: readonly (readonly [name: RegExp, unit: string])[] = [
  [/seconds$/i, "s"],
  [/(batch|validationImages|imagesPerEpoch|images)$/i, "images"],
  [/(epochs|patience|warmUp)$/i, "epochs"],
  [/(cutout|height|width|padding|crop)$/i, "pixels"],
  [/loss$/i, "nats"],
  [/bytes$/i, "bytes"],
  [/every$/i, "steps"],
  [/recalibration(Batches)?$/i, "batches"],
];

/** Seeds are names, not amounts. */
const IS_NAME = /seed/i;

/**
 * Renders settings or figures as tables: one a group, nested groups with both names, units where there are some.
 *
 * @param values Plain JSON data, however nested. What is undefined is left out.
 * @param options `general`: heading of what is in no group.
 * @returns HTML elements; an empty text if there is nothing to show.
 */
export function renderSettings(
  values: Readonly<Record<string, unknown>>,
  { general = "General" }: { general?: string } = {},
): string {
  const groups = groupsOf(values, general).filter(({ rows }) => rows.length > 0);
  return groups.map(({ title, rows, list }) => {
    const heading = groups.length > 1 ? `<h3>${escapeHtml(title)}</h3>` : "";
    return `<div class="group">${heading}${list ? renderTable(rows) : renderPairs(rows)}</div>`;
  }).join("\n");
}

interface Group {
  readonly title: string;
  readonly rows: readonly (readonly string[])[];
  /** Whether the rows are a table with headings rather than names with values. */
  readonly list?: boolean;
}

function groupsOf(values: Readonly<Record<string, unknown>>, title: string, path: readonly string[] = []): Group[] {
  const entries = Object.entries(values).filter(([, value]) => value !== undefined);
  const own = entries.filter(([, value]) => !isGroup(value) && !isTable(value));
  const rows = own.map(([name, value]) => [toWords(name), toText(name, value)]);
  const groups = entries.flatMap(([name, value]): Group[] => {
    const below = [...path, toWords(name)];
    if (isTable(value)) return [{ title: capitalise(below.join(", ")), rows: tabulate(value), list: true }];
    return isGroup(value) ? groupsOf(value, capitalise(below.join(", ")), below) : [];
  });
  return [{ title, rows }, ...groups];
}

function renderPairs(rows: readonly (readonly string[])[]): string {
  const cells = rows.map(([name = "", value = ""]) =>
    `<tr><th scope="row">${escapeHtml(name)}</th><td${isShort(value) ? ` class="short"` : ""}>${
      escapeHtml(value)
    }</td></tr>`
  );
  return `<table class="pairs"><tbody>${cells.join("\n")}</tbody></table>`;
}

/** Numbers with their units keep to one line. */
function isShort(value: string): boolean {
  return value.length <= 24 && /^[-−<>]?\d/.test(value);
}

/** A list of objects with the same few scalar properties. */
function isTable(value: unknown): value is Record<string, unknown>[] {
  return Array.isArray(value) && value.length > 0 && value.every((entry) => isGroup(entry)) &&
    value.length <= MOST_ENTRIES;
}

function tabulate(entries: readonly Record<string, unknown>[]): string[][] {
  const names = [...new Set(entries.flatMap((entry) => Object.keys(entry)))];
  return [names.map(toWords), ...entries.map((entry) => names.map((name) => toText(name, entry[name], false)))];
}

function isGroup(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** The words of a name in camelCase. */
export function toWords(name: string): string {
  return name.replace(/([a-z0-9])([A-Z])/g, (_, before, after) => `${before} ${after.toLowerCase()}`)
    .replace(/[-_]+/g, " ");
}

/**
 * A value as readers want it: shares named accuracy as percentages, numbers with separators and units, lists with commas.
 * Never JSON: what is nested too deep for words is told by its size.
 *
 * @param name What it is called.
 * @param value Plain JSON data.
 * @param hasUnit Whether a number gets its unit.
 * @returns The words.
 */
export function toText(name: string, value: unknown, hasUnit = true): string {
  if (value === undefined) return "";
  if (value === null) return "none";
  if (typeof value === "boolean") return value ? "yes" : "no";
  if (typeof value === "number") return formatNumber(name, value, hasUnit);
  if (typeof value === "string") return value.replace(/[{}]/g, "");
  if (!Array.isArray(value)) return `${Object.keys(value).length} values`;
  if (value.length === 0) return "none";
  const isFlat = value.every((entry) => typeof entry !== "object" || entry === null);
  if (!isFlat || value.length > MOST_ENTRIES) return `${value.length} entries`;
  return value.map((entry) => toText(name, entry, false)).join(", ");
}

function formatNumber(name: string, value: number, hasUnit: boolean): string {
  if (IS_NAME.test(name)) return String(value);
  if (/accuracy$/i.test(name)) return `${(100 * value).toFixed(2)} %`;
  if (/(share|portion)$/i.test(name) && value >= 0 && value <= 1) return `${Number((100 * value).toFixed(1))} %`;
  const text = Number.isInteger(value)
    ? value.toLocaleString("en")
    : value.toLocaleString("en", { maximumSignificantDigits: 4 });
  const unit = hasUnit ? UNITS.find(([pattern]) => pattern.test(name))?.[1] : undefined;
  return unit === undefined ? text : `${text} ${value === 1 ? unit.replace(/s$/, "") || unit : unit}`;
}

function capitalise(text: string): string {
  return `${text.slice(0, 1).toUpperCase()}${text.slice(1)}`;
}
