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
import { packTar, type ParsedTarEntryWithData, unpackTar } from "modern-tar";

/** The first member: which others there are. */
const CONTENTS = ".contents.json";
const FORMAT = "rootstock-packed-run-1";

/** A file in a packed run. */
interface PackedFile {
  /** Its path in the run's folder, with `/`. */
  readonly path: string;
  readonly bytes: number;
  readonly sha256: string;
}

const MOST_FILES = 10_000;
const CONTENTS_SHAPE = record({
  format: oneOf(FORMAT),
  files: listOf(record({ path: TEXT, bytes: whole(0), sha256: TEXT })),
});
/** Parts of a path within the folder, none of which is hidden or leads upwards. */
const SAFE_PATH = /^([A-Za-z0-9_][A-Za-z0-9._-]{0,99}\/){0,7}[A-Za-z0-9_][A-Za-z0-9._-]{0,99}$/;

/**
 * Packs files of a folder into one archive (tar), with a list of them and their checksums at its beginning.
 *
 * @param folder The folder.
 * @param paths Paths in it, with `/`, read in this order; those that are gone by then are left out.
 * @returns The archive.
 * @throws {RunError} If a file cannot be read.
 */
export async function packRun(folder: string, paths: readonly string[]): Promise<Uint8Array<ArrayBuffer>> {
  const files: PackedFile[] = [];
  const members: ParsedTarEntryWithData[] = [];
  for (const path of paths) {
    if (!SAFE_PATH.test(path)) throw new RunError(`Cannot pack ${join(folder, path)}: expected a name of a run's file`);
    const data = await readRegularFile(join(folder, path), { maximumBytes: MOST_BYTES.tensors });
    if (data === undefined) continue;
    const mtime = (await Deno.stat(join(folder, path)).catch(() => undefined))?.mtime ?? new Date(0);
    files.push({ path, bytes: data.length, sha256: await sha256(data) });
    members.push({ header: { name: path, size: data.length, mtime }, data });
  }
  const contents = new TextEncoder().encode(`${JSON.stringify({ format: FORMAT, files }, null, 2)}\n`);
  const first = { header: { name: CONTENTS, size: contents.length, mtime: new Date(0) }, data: contents };
  return await packTar([first, ...members]);
}

/**
 * Unpacks what {@linkcode packRun} has packed. Whoever can write to a store may have made the archive: it is looked at as a whole before
 * anything is written, and nothing is written outside the folder.
 *
 * @param archive The archive.
 * @param folder An empty folder; times of files are those they had.
 * @param shown What the archive is called in messages.
 * @throws {DamagedObject} If it holds anything but the files that it lists, or is cut or changed.
 * @throws {RunError} If a file cannot be written.
 */
export async function unpackRun(archive: Uint8Array, folder: string, shown: string): Promise<void> {
  const members = await membersOf(archive, shown);
  // In the order in which they were packed: what says that a run has begun is the last one.
  for (const { header: { name, mtime }, data } of members) {
    const path = join(folder, name);
    await Deno.mkdir(dirname(path), { recursive: true });
    await writeAtomic(path, data!);
    if (mtime) await Deno.utime(path, mtime, mtime);
  }
}

async function membersOf(archive: Uint8Array, shown: string): Promise<ParsedTarEntryWithData[]> {
  const refuse = (reason: string): never => {
    throw new DamagedObject(`Cannot use ${shown}: ${reason}, expected a run as a worker has packed it`);
  };
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
  if (files.length > MOST_FILES || members.length !== files.length) refuse(`it has ${members.length} files`);
  if (new Set(files.map(({ path }) => path)).size !== files.length) refuse("it has two files of one name");
  for (const [i, { path, bytes, sha256: hash }] of files.entries()) {
    const { header: { name, type }, data } = members[i]!;
    if (!SAFE_PATH.test(path)) refuse("it names a file that is none of a run's");
    if (name !== path || (type ?? "file") !== "file" || data?.length !== bytes || await sha256(data) !== hash) {
      refuse(`${path} is not what its list says`);
    }
  }
  return members;
}
