import { dirname, join } from "node:path";
import { sha256 } from "../formats/mod.ts";
import {
  checkShape,
  listOf,
  MOST_BYTES,
  oneOf,
  readRegularFile,
  record,
  RunError,
  TEXT,
  whole,
  writeAtomic,
} from "../run/mod.ts";
import { DamagedObject } from "./result_store.ts";
import type { ParsedTarEntryWithData } from "modern-tar";

/** The first member: which others there are. */
const CONTENTS = ".contents.json";
const FORMAT = "rootstock-packed-files-1";

/** A file in an archive. */
interface PackedFile {
  /** Its path in the folder, with `/`. */
  readonly path: string;
  readonly bytes: number;
  readonly sha256: string;
}

const CONTENTS_SHAPE = record({
  format: oneOf(FORMAT),
  files: listOf(record({ path: TEXT, bytes: whole(0), sha256: TEXT })),
});

/** What an archive may hold. */
export interface Holding {
  /** How paths of its files look, none of which leads out of the folder. */
  readonly path: RegExp;
  /** Most files. */
  readonly most: number;
  /** Whether each file is flushed to the disk when it is unpacked. */
  readonly isFlushed: boolean;
}

/** The files of a run, which are called as the program calls them. */
export const RUN_FILES: Holding = {
  path: /^([A-Za-z0-9_][A-Za-z0-9._-]{0,99}\/){0,7}[A-Za-z0-9_][A-Za-z0-9._-]{0,99}$/,
  most: 10_000,
  isFlushed: true,
};

/** The files of a dataset or a zoo, which are called as their owner likes; they could be fetched again. */
export const INPUT_FILES: Holding = {
  // deno-lint-ignore no-control-regex
  path: /^((?!\.{1,2}\/)[^/\\:\x00-\x1f\x7f]{1,255}\/){0,31}(?!\.{1,2}$)[^/\\:\x00-\x1f\x7f]{1,255}$/u,
  most: 1_000_000,
  isFlushed: false,
};

/**
 * Packs files of a folder into one archive (tar), with a list of them and their checksums at its beginning.
 *
 * @param folder The folder.
 * @param paths Paths in it, with `/`, read in this order; those that are gone by then are left out.
 * @param holding What an archive of this kind may hold.
 * @returns The archive.
 * @throws {RunError} If a file cannot be read, or has a name that is refused.
 */
export async function packFiles(
  folder: string,
  paths: readonly string[],
  holding: Holding,
): Promise<Uint8Array<ArrayBuffer>> {
  const files: PackedFile[] = [];
  const members: ParsedTarEntryWithData[] = [];
  for (const path of paths) {
    if (!holding.path.test(path)) throw new RunError(`Cannot pack ${join(folder, path)}: expected another name`);
    const data = await readRegularFile(join(folder, path), { maximumBytes: MOST_BYTES.tensors });
    if (data === undefined) continue;
    const mtime = (await Deno.stat(join(folder, path)).catch(() => undefined))?.mtime ?? new Date(0);
    files.push({ path, bytes: data.length, sha256: await sha256(data) });
    members.push({ header: { name: path, size: data.length, mtime }, data });
  }
  const contents = new TextEncoder().encode(`${JSON.stringify({ format: FORMAT, files }, null, 2)}\n`);
  const first = { header: { name: CONTENTS, size: contents.length, mtime: new Date(0) }, data: contents };
  const { packTar } = await import("modern-tar");
  return await packTar([first, ...members]);
}

/**
 * Unpacks what {@linkcode packFiles} has packed. Whoever can write to a store may have made the archive: it is looked at as a whole before
 * anything is written, and nothing is written outside the folder.
 *
 * @param archive The archive.
 * @param folder An empty folder; times of files are those they had.
 * @param options What an archive of this kind may hold; `shown`: what it is called in messages.
 * @throws {DamagedObject} If it holds anything but the files that it lists, or is cut or changed.
 * @throws {RunError} If a file cannot be written.
 */
export async function unpackFiles(
  archive: Uint8Array,
  folder: string,
  { holding, shown }: { holding: Holding; shown: string },
): Promise<void> {
  const members = await membersOf(archive, { holding, shown });
  // In the order in which they were packed: what says that a run has begun is the last one.
  for (const { header: { name, mtime }, data } of members) {
    const path = join(folder, name);
    await Deno.mkdir(dirname(path), { recursive: true });
    await (holding.isFlushed ? writeAtomic(path, data!) : Deno.writeFile(path, data!));
    if (mtime) await Deno.utime(path, mtime, mtime);
  }
}

async function membersOf(
  archive: Uint8Array,
  { holding, shown }: { holding: Holding; shown: string },
): Promise<ParsedTarEntryWithData[]> {
  const refuse = (reason: string): never => {
    throw new DamagedObject(`Cannot use ${shown}: ${reason}, expected what this program has packed`);
  };
  const { unpackTar } = await import("modern-tar");
  let first: ParsedTarEntryWithData | undefined, members: ParsedTarEntryWithData[];
  let files: readonly PackedFile[];
  try {
    [first, ...members] = await unpackTar(archive, { strict: true });
  } catch {
    return refuse("the archive is damaged or cut");
  }
  if (first?.header.name !== CONTENTS || first.data === undefined) return refuse("it does not list its files first");
  try {
    const contents: unknown = JSON.parse(new TextDecoder().decode(first.data));
    checkShape(contents, CONTENTS_SHAPE, shown);
    ({ files } = contents as { files: readonly PackedFile[] });
  } catch {
    return refuse("its list of files is damaged");
  }
  if (files.length > holding.most || members.length !== files.length) refuse(`it has ${members.length} files`);
  if (new Set(files.map(({ path }) => path)).size !== files.length) refuse("it has two files of one name");
  for (const [i, { path, bytes, sha256: hash }] of files.entries()) {
    const { header: { name, type }, data } = members[i]!;
    if (!holding.path.test(path)) refuse("it names a file that is none of this kind");
    if (name !== path || (type ?? "file") !== "file" || data?.length !== bytes || await sha256(data) !== hash) {
      refuse(`${path} is not what its list says`);
    }
  }
  return members;
}
