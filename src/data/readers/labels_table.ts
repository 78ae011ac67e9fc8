import { dirname } from "node:path";
import { DataError, printable } from "../errors.ts";
import { exists, type PathContent, readBounded, readPlain } from "../files.ts";
import { readInfo } from "../info.ts";
import { classifyLabels, requireTraining } from "./label_texts.ts";
import { partNamed } from "./part_names.ts";
import type { PartName, PictureBytes, PictureListing, Reader } from "./reader.ts";
import { isTableHeader, parseTable, type TableRow } from "./table_file.ts";
import { contentOf } from "./tree_listing.ts";

/** A table of paths and labels, and parts if it has such a column: CSV or JSON lines. */
export const labelsTableReader: Reader = {
  name: "table",
  describe: "a .csv or .jsonl of path and label",
  recognises: ({ path, isFolder, start }) =>
    !isFolder && (/\.(csv|tsv|jsonl|ndjson)$/i.test(path) || isTableHeader(firstNames(start))),
  read: listTable,
  async filesOf({ path }) {
    const info = `${dirname(path)}/info.json`;
    const pictures = (await readRows(path)).map(({ file }) => file);
    return [path, ...await exists(info) ? [info] : [], ...new Set(pictures)];
  },
};

function firstNames(start: Uint8Array): string[] {
  const [line = ""] = new TextDecoder().decode(start).split(/\r?\n/, 1);
  return line.split(/[,;\t]/).map((name) => name.replace(/^"|"$/g, ""));
}

const maximumTableBytes = 2 ** 27;

type Row = TableRow & { readonly file: string; readonly partName: PartName };

async function readRows(path: string): Promise<Row[]> {
  const bytes = await readBounded(path, { maximumBytes: maximumTableBytes });
  const folder = dirname(path);
  const rows = new Map<string, Row>();
  return (await parseTable(decode(bytes, path), path)).map((row) => {
    const file = within(folder, row, path);
    const found: Row = { ...row, file, partName: partOf(row, path) };
    const before = rows.get(file) ?? found;
    const what = before.label !== found.label ? "label" : before.partName !== found.partName ? "part" : undefined;
    if (what !== undefined) {
      throw new DataError(
        `Cannot read ${path}: ${row.place} gives ${printable(row.path)} another ${what} than ${before.place}`,
      );
    }
    rows.set(file, before);
    return found;
  });
}

function decode(bytes: Uint8Array, path: string): string {
  try {
    return new TextDecoder("utf-8", { fatal: true }).decode(bytes);
  } catch {
    throw new DataError(`Cannot read ${path}: it is no text in UTF-8`);
  }
}

/** A table may come from anybody, so it names pictures in its own folder only. */
function within(folder: string, row: TableRow, path: string): string {
  const names = (row.path.includes("/") ? row.path : row.path.replaceAll("\\", "/")).split("/");
  if (
    row.path.startsWith("/") || /^[a-z]+:/i.test(row.path) || names.includes("..") || names[0] === "" ||
    row.path.includes("\0")
  ) {
    throw new DataError(
      `Cannot read ${path}: ${row.place} names ${printable(row.path)}, expected a path within the table's folder`,
    );
  }
  // Of one file only one path, or rows that contradict each other would not be noticed.
  return [folder, ...names.filter((name) => name !== "" && name !== ".")].join("/");
}

function partOf({ part, place }: TableRow, path: string): PartName {
  const named = part === "" ? "train" : partNamed(part);
  if (named !== undefined) return named;
  throw new DataError(
    `Cannot read ${path}: ${place} has part ${JSON.stringify(printable(part))}, expected train, validation or test`,
  );
}

async function listTable({ path }: PathContent): Promise<PictureListing> {
  const rows = await readRows(path);
  const infoOrigin = `${dirname(path)}/info.json`;
  const info = await readInfo(infoOrigin);
  const { classes, labels } = classifyLabels(rows.map(({ label }) => label), { path, info, infoOrigin });
  const pictures = rows.map((row, i) => ({
    name: printable(row.path.normalize("NFC")),
    part: row.partName,
    label: labels[i]!,
  }));
  requireTraining(pictures, classes, path);
  return { classes, pictures, info, infoOrigin, read: () => readPictures(rows) };
}

async function* readPictures(rows: readonly Row[]): AsyncGenerator<PictureBytes> {
  for (const [index, { file }] of rows.entries()) yield contentOf(index, () => readPlain(file));
}
