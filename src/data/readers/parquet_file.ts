import type { AsyncBuffer, FileMetaData } from "hyparquet";
import { maximumPictureBytes } from "../bytes.ts";
import { DataError, explainFailure, printable } from "../errors.ts";
import { OpenFile } from "../files.ts";
import { findColumns, type ParquetColumns } from "./parquet_schema.ts";

/** Picture of a row: its bytes, or the error that says why there are none. */
export type RowPicture = Uint8Array<ArrayBuffer> | DataError;

/** A Parquet file of pictures and labels; memory holds some rows at a time. */
export class ParquetFile implements Disposable {
  private constructor(
    private readonly file: OpenFile,
    private readonly path: string,
    private readonly metadata: FileMetaData,
    /** Which columns hold pictures and labels. */
    readonly columns: ParquetColumns,
  ) {}

  /**
   * Opens a file and reads its footer.
   *
   * @param path The file.
   * @throws {DataError} If it is damaged or cut, or has no column of pictures or of labels.
   */
  static async open(path: string): Promise<ParquetFile> {
    const { parquetMetadataAsync } = await import("hyparquet");
    const file = OpenFile.open(path);
    try {
      const metadata = await attempt(path, () => parquetMetadataAsync(bufferOf(file)));
      checkSizes(metadata, path);
      const columns = await attempt(path, () => findColumns(metadata, path));
      return new ParquetFile(file, path, metadata, columns);
    } catch (error) {
      file[Symbol.dispose]();
      throw error;
    }
  }

  /**
   * Reads the label of each row as a text.
   *
   * @returns One a row; undefined where there is none: null, or -1 of labels that have names.
   * @throws {DataError} If the column is damaged, or a number counts no name.
   */
  async readLabels(): Promise<(string | undefined)[]> {
    const { label, names } = this.columns;
    const labels: (string | undefined)[] = [];
    for (const [rowStart, rowEnd] of groupsOf(this.metadata)) {
      for (const row of await this.readRows(label, rowStart, rowEnd)) labels.push(this.labelOf(row[label], names));
    }
    return labels;
  }

  private labelOf(value: unknown, names: readonly string[] | undefined): string | undefined {
    if (value === null || value === undefined) return undefined;
    if (value instanceof Uint8Array) return new TextDecoder().decode(value);
    if (typeof value !== "bigint" && typeof value !== "number" && typeof value !== "string") {
      throw new DataError(
        `Cannot read ${this.path}: a label of column ${printable(this.columns.label)} is no number and no text`,
      );
    }
    if (names === undefined || typeof value === "string") return String(value);
    const name = names[Number(value)];
    if (name !== undefined || Number(value) === -1) return name;
    throw new DataError(`Cannot read ${this.path}: label ${value} is out of range, expected 0 to ${names.length - 1}`);
  }

  /**
   * Reads the pictures of all rows, in order.
   *
   * @throws {DataError} If the column is damaged, or so many rows stand in one group that they do not fit into memory.
   */
  async *readPictures(): AsyncGenerator<{ row: number; picture: RowPicture }> {
    const { image } = this.columns;
    for (const [start, end] of this.rangesOf(image)) {
      const rows = await this.readRows(image, start, end);
      for (const [i, row] of rows.entries()) yield { row: start + i, picture: this.pictureOf(row[image], start + i) };
    }
  }

  private pictureOf(value: unknown, row: number): RowPicture {
    const { bytes, path } = value instanceof Uint8Array
      ? { bytes: value, path: undefined }
      : (value ?? {}) as Record<string, unknown>;
    const fail = (what: string) => new DataError(`Cannot read ${printable(this.path)}:row ${row}: ${what}`);
    if (bytes instanceof Uint8Array) {
      if (bytes.length <= maximumPictureBytes) return Uint8Array.from(bytes);
      return fail(`it has ${bytes.length} bytes, expected at most ${maximumPictureBytes}`);
    }
    if (path === undefined || path === null) return fail("it has no picture");
    const shown = printable(path instanceof Uint8Array ? new TextDecoder().decode(path) : String(path));
    return fail(`it is a reference to ${shown} without the bytes, expected them in the file`);
  }

  /** Ranges of rows that fit into memory: groups, or parts of them where the file has an index of its pages. */
  private rangesOf(column: string): [number, number][] {
    return groupsOf(this.metadata).flatMap(([start, end], group) => {
      const chunks = this.metadata.row_groups[group]!.columns.filter(({ meta_data }) =>
        meta_data?.path_in_schema[0] === column
      );
      const bytes = chunks.reduce((sum, { meta_data }) => sum + bytesHeld(meta_data!), 0);
      if (bytes <= mostBytesAtOnce) return [[start, end]];
      if (!chunks.every(({ offset_index_offset }) => offset_index_offset)) {
        if (bytes <= mostBytesWithoutIndex) return [[start, end]];
        throw new DataError(
          `Cannot read ${this.path}: a row group holds ${Math.ceil(bytes / 2 ** 20)} MiB of pictures, ` +
            `expected at most ${mostBytesWithoutIndex / 2 ** 20}: write it with smaller row groups or a page index`,
        );
      }
      const step = Math.max(1, Math.floor((end - start) * mostBytesAtOnce / bytes));
      const ranges: [number, number][] = [];
      for (let row = start; row < end; row += step) ranges.push([row, Math.min(end, row + step)]);
      return ranges;
    });
  }

  private async readRows(column: string, rowStart: number, rowEnd: number): Promise<Record<string, unknown>[]> {
    const { parquetReadObjects } = await import("hyparquet");
    const compressors = await boundedCompressors();
    const rows = await attempt(this.path, () =>
      parquetReadObjects({
        file: bufferOf(this.file),
        metadata: this.metadata,
        columns: [column],
        rowStart,
        rowEnd,
        // Pictures are no text.
        utf8: false,
        useOffsetIndex: true,
        compressors,
      }));
    if (rows.length === rowEnd - rowStart) return rows;
    throw new DataError(
      `Cannot read ${this.path}: found ${rows.length} rows, expected ${rowEnd - rowStart}: it is damaged`,
    );
  }

  /** Closes the file. */
  [Symbol.dispose](): void {
    this.file[Symbol.dispose]();
  }
}

/** Packed and unpacked bytes of pictures that are held at once, if the file allows for it. */
const mostBytesAtOnce = 2 ** 27;
const mostBytesWithoutIndex = 3 * 2 ** 28;
const mostPageBytes = 2 ** 28;
const mostRows = 2 ** 24;

/** Bytes of a column chunk in memory: as it is packed, and unpacked if that is another thing. */
function bytesHeld({ codec, total_compressed_size, total_uncompressed_size }: ColumnMetaData): number {
  return Number(total_compressed_size) + (codec === "UNCOMPRESSED" ? 0 : Number(total_uncompressed_size));
}

type ColumnMetaData = NonNullable<FileMetaData["row_groups"][number]["columns"][number]["meta_data"]>;

let bounded: ReturnType<typeof boundCompressors> | undefined;

/** The library's, held to what a page may unpack to; loaded once. */
function boundedCompressors(): ReturnType<typeof boundCompressors> {
  return bounded ??= boundCompressors();
}

async function boundCompressors() {
  const { compressors } = await import("hyparquet-compressors");
  return Object.fromEntries(
    Object.entries(compressors).map(([codec, unpack]) => [codec, (input: Uint8Array, outputLength: number) => {
      if (outputLength <= mostPageBytes) return unpack(input, outputLength);
      throw new RangeError(`a page claims to unpack to ${outputLength} bytes, expected at most ${mostPageBytes}`);
    }]),
  );
}

function bufferOf(file: OpenFile): AsyncBuffer {
  return { byteLength: file.size, slice: (start, end = file.size) => file.read(start, end - start).buffer };
}

function groupsOf({ row_groups }: FileMetaData): [number, number][] {
  let start = 0;
  return row_groups.map(({ num_rows }) => [start, start += Number(num_rows)]);
}

/** The footer may claim anything. */
function checkSizes(metadata: FileMetaData, path: string): void {
  const rows = metadata.row_groups.map(({ num_rows }) => Number(num_rows));
  const total = rows.reduce((sum, count) => sum + count, 0);
  if (rows.some((count) => !(count >= 0)) || total > mostRows || total !== Number(metadata.num_rows)) {
    throw new DataError(
      `Cannot read ${path}: its footer claims ${metadata.num_rows} rows, expected at most ${mostRows}`,
    );
  }
  const chunks = metadata.row_groups.flatMap(({ columns }) => columns);
  if (chunks.some(({ meta_data }) => meta_data === undefined)) {
    throw new DataError(`Cannot read ${path}: its footer does not say where the columns are, it is damaged`);
  }
}

/** What the library throws means that the file is damaged, since it has the footer's word for all that it does. */
async function attempt<T>(path: string, run: () => Promise<T>): Promise<T> {
  try {
    return await run();
  } catch (error) {
    if (error instanceof DataError) throw error;
    const { message } = explainFailure("read", path, error);
    throw new DataError(
      `Cannot read ${path}: its content is damaged or cut (${message.slice(message.indexOf(": ") + 2)})`,
      { cause: error },
    );
  }
}
