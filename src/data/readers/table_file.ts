import { DataError, printable } from "../errors.ts";

/** A row of a table of pictures, as the file has it. */
export interface TableRow {
  /** Where it stands, as in `row 3`. */
  readonly place: string;
  /** Path of the picture. */
  readonly path: string;
  /** Its label. */
  readonly label: string;
  /** Its part; empty if there is no such column. */
  readonly part: string;
}

const columns = {
  path: ["path", "file", "file_name", "filename", "filepath", "file_path", "image", "image_path", "img"],
  label: ["label", "class", "category", "target", "class_name", "label_name"],
  part: ["split", "part", "subset", "set"],
} as const;

type Column = keyof typeof columns;

/** Whether names of columns or fields are those of a table of pictures. */
export function isTableHeader(names: readonly string[]): boolean {
  return findColumn(names, "path") >= 0 && findColumn(names, "label") >= 0;
}

/** The place of the column whose name comes first in the list of those that are known; -1 if there is none. */
function findColumn(names: readonly string[], column: Column): number {
  const present = names.map((name) => name.trim().toLowerCase());
  return columns[column].map((name) => present.indexOf(name)).find((place) => place >= 0) ?? -1;
}

/**
 * Reads a table of pictures: CSV with a line of names first (separated by commas, semicolons or tabs), or JSON lines.
 *
 * @param text The file.
 * @param path The file, for messages.
 * @returns Its rows, in order.
 * @throws {DataError} If it is no table, a column is missing, or a row is incomplete; names the row.
 */
export async function parseTable(text: string, path: string): Promise<TableRow[]> {
  const rows = text.trimStart().startsWith("{") ? parseJsonLines(text, path) : await parseCsv(text, path);
  for (const { place, path: picture, label } of rows) {
    if (picture === "") throw new DataError(`Cannot read ${path}: ${place} has no path of a picture`);
    if (label === "") throw new DataError(`Cannot read ${path}: ${place} has no label`);
  }
  return rows;
}

async function parseCsv(text: string, path: string): Promise<TableRow[]> {
  // @ts-types="npm:@types/papaparse@5.3.16"
  const { default: papaparse } = await import("papaparse");
  const { data, errors } = papaparse.parse<string[]>(text, { skipEmptyLines: "greedy" });
  // Whether there is a separator to be found is told by the columns.
  const [error] = errors.filter(({ type }) => type !== "Delimiter");
  if (error !== undefined) {
    throw new DataError(`Cannot read ${path}: row ${error.row ?? 0}: ${printable(error.message)}`);
  }
  const [names = [], ...rows] = data;
  const places = placesOf(names, path);
  return rows.map((cells, i) => {
    const place = `row ${i + 1}`;
    if (cells.length !== names.length) {
      throw new DataError(`Cannot read ${path}: ${place} has ${cells.length} cells, expected ${names.length}`);
    }
    return rowOf(place, (column) => cells[places[column]] ?? "");
  });
}

function placesOf(names: readonly string[], path: string): Record<Column, number> {
  const places = {
    path: findColumn(names, "path"),
    label: findColumn(names, "label"),
    part: findColumn(names, "part"),
  };
  for (const column of ["path", "label"] as const) {
    if (places[column] >= 0) continue;
    const found = names.slice(0, 6).map((name) => JSON.stringify(printable(name).slice(0, 40))).join(", ") || "nothing";
    throw new DataError(
      `Cannot read ${path}: its first line names ${found}, expected a column ${column} (${columns[column].join(", ")})`,
    );
  }
  return places;
}

function parseJsonLines(text: string, path: string): TableRow[] {
  const lines = text.split("\n").map((line, i) => ({ line, place: `line ${i + 1}` }));
  return lines.filter(({ line }) => line.trim() !== "").map(({ line, place }) => {
    const names = Object.entries(parseObject(line, place, path));
    const places = placesOfFields(names.map(([name]) => name), place, path);
    return rowOf(place, (column) => {
      const value = names[places[column]]?.[1];
      if (value === undefined || value === null) return "";
      if (typeof value !== "object") return String(value);
      throw new DataError(`Cannot read ${path}: ${place} has a ${column} that is no text and no number`);
    });
  });
}

function parseObject(line: string, place: string, path: string): object {
  try {
    const value: unknown = JSON.parse(line);
    if (typeof value === "object" && value !== null && !Array.isArray(value)) return value;
  } catch {
    // Said below.
  }
  throw new DataError(`Cannot read ${path}: ${place} is no JSON object`);
}

function placesOfFields(names: readonly string[], place: string, path: string): Record<Column, number> {
  if (!isTableHeader(names)) {
    const expected = `one of ${columns.path.join(", ")} and one of ${columns.label.join(", ")}`;
    throw new DataError(`Cannot read ${path}: ${place} lacks a field, expected ${expected}`);
  }
  return { path: findColumn(names, "path"), label: findColumn(names, "label"), part: findColumn(names, "part") };
}

function rowOf(place: string, cell: (column: Column) => string): TableRow {
  return { place, path: cell("path").trim(), label: cell("label").trim(), part: cell("part").trim() };
}
