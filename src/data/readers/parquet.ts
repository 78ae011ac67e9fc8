import { basename } from "node:path";
import { DataError, printable } from "../errors.ts";
import { listTree, type PathContent } from "../files.ts";
import { readInfo } from "../info.ts";
import { compare } from "./classes.ts";
import { classifyLabels, type LabelContext, requireTraining } from "./label_texts.ts";
import type { ParquetFile } from "./parquet_file.ts";
import { PART_ORDER, partOfFile } from "./part_names.ts";
import type { ListedPicture, PartName, PictureBytes, PictureListing, Reader } from "./reader.ts";
import { filesWithSidecar, readSidecar } from "./sidecar.ts";

/** Parquet files of pictures and labels, as Hugging Face writes image datasets: one, or a folder of them. */
export const parquetReader: Reader = {
  name: "parquet",
  describe: "a .parquet or a folder of them",
  recognises: (found) =>
    found.isFolder
      ? [found, found.inner].some((folder) => folder?.entries.some(({ name }) => isParquetName(name)))
      : new TextDecoder().decode(found.start.subarray(0, 4)) === "PAR1",
  read: readParquet,
  filesOf: filesWithSidecar,
};

const isParquetName = (name: string) => /\.parquet$/i.test(name) && !name.startsWith(".");

interface Table {
  readonly path: string;
  /** For messages and names of pictures. */
  readonly name: string;
  readonly part: PartName;
  readonly labels: readonly (string | undefined)[];
  readonly names: readonly string[] | undefined;
}

async function readParquet({ path, isFolder }: PathContent): Promise<PictureListing> {
  if (!isFolder) {
    const table = await readTable(path, basename(path), "train");
    return listTables([table], { path, ...await readSidecar(path) });
  }
  const files = (await listTree(path)).filter(({ path, kind }) =>
    kind === "file" && isParquetName(path.split("/").at(-1)!)
  );
  const tables: Table[] = [];
  for (const { path: name } of files.sort((a, b) => compare(a.path, b.path))) {
    tables.push(await readTable(`${path}/${name}`, name, partOfFile(name)));
  }
  tables.sort((a, b) => PART_ORDER.indexOf(a.part) - PART_ORDER.indexOf(b.part));
  const infoOrigin = `${path}/info.json`;
  return listTables(tables, { path, info: await readInfo(infoOrigin), infoOrigin });
}

/** The library is large, and most commands open no such file: it is loaded with the first one. */
async function openFile(path: string): Promise<ParquetFile> {
  return await (await import("./parquet_file.ts")).ParquetFile.open(path);
}

async function readTable(path: string, name: string, part: PartName): Promise<Table> {
  using file = await openFile(path);
  return { path, name, part, labels: await file.readLabels(), names: file.columns.names };
}

function listTables(tables: readonly Table[], stated: Omit<LabelContext, "names">): PictureListing {
  const names = sharedNames(tables, stated.path);
  const rows = tables.flatMap((table) =>
    table.labels.map((label, row) => ({ table, label, name: nameOf(table, row) }))
  );
  const labelled = rows.filter(({ label }) => label !== undefined && label !== "");
  const { classes, labels } = classifyLabels(labelled.map(({ label }) => label!), { ...stated, names });
  const pictures = labelled.map(({ table, name }, i): ListedPicture => ({ name, part: table.part, label: labels[i]! }));
  requireTraining(pictures, classes, stated.path);
  const ignored = rows.filter(({ label }) => label === undefined || label === "").map(({ name }) => name);
  const { info, infoOrigin } = stated;
  return { classes, pictures, ignored, info, infoOrigin, read: () => readTables(tables) };
}

const nameOf = ({ name }: Table, row: number) => `${printable(name)}:row ${row}`;

/** Files of one dataset must name the same classes, or numbers would mean different things. */
function sharedNames(tables: readonly Table[], path: string): readonly string[] | undefined {
  const [first] = tables;
  const other = tables.find(({ names }) => JSON.stringify(names) !== JSON.stringify(first?.names));
  if (other === undefined) return first?.names;
  throw new DataError(
    `Cannot open dataset ${path}: ${printable(other.name)} has other names of classes than ${
      printable(first!.name)
    }, ` +
      `expected files of one dataset`,
  );
}

async function* readTables(tables: readonly Table[]): AsyncGenerator<PictureBytes> {
  let index = 0;
  for (const { path, labels } of tables) {
    using file = await openFile(path);
    for await (const { row, picture } of file.readPictures()) {
      if (row >= labels.length) throw new DataError(`Cannot read ${path}: it changed while it was read`);
      if (labels[row] !== undefined && labels[row] !== "") yield { index: index++, content: picture };
    }
  }
}
