import { basename } from "node:path";
import { DataError, printable } from "../errors.ts";
import { listTree, type PathContent } from "../files.ts";
import { type DatasetInfo, parseInfo, readInfo } from "../info.ts";
import { isPictureName } from "./class_tree.ts";
import { compare } from "./classes.ts";
import { classifyLabels, requireTraining } from "./label_texts.ts";
import { PART_ORDER, partOfFile } from "./part_names.ts";
import type { ListedPicture, PartName, PictureBytes, PictureListing, Reader } from "./reader.ts";
import { readSidecar } from "./sidecar.ts";
import { listTar, readTarPictures, type TarList } from "./tar_list.ts";

/** Tar archives of samples, `KEY.jpg` beside `KEY.cls`: a folder of shards. A single one is read by the reader of tar archives. */
export const webdatasetReader: Reader = {
  name: "webdataset",
  describe: "WebDataset shards",
  recognises: (found) => shardFolder(found) !== undefined,
  read: readShardFolder,
};

const isShard = (name: string) => /\.(tar|tar\.gz|tgz)$/i.test(name);

/** Beside folders an archive is what they were unpacked from. */
function shardFolder(found: PathContent): PathContent | undefined {
  const holdsShards = ({ entries }: PathContent) =>
    entries.some(({ name, isFolder }) => isShard(name) && !isFolder) &&
    entries.every(({ name, isFolder }) => !isFolder || name.startsWith("."));
  return [found, found.inner].find((folder) => folder?.isFolder && holdsShards(folder));
}

async function readShardFolder(found: PathContent): Promise<PictureListing> {
  const { path } = found;
  const paths = (await listTree(path)).filter(({ path, kind }) => kind === "file" && isShard(path))
    .map(({ path }) => path);
  const shards: Shard[] = [];
  for (const shard of paths.sort(compare)) {
    const list = await listTar(`${path}/${shard}`);
    if (!isWebDataset(list)) {
      throw new DataError(
        `Cannot open dataset ${path}: ${printable(shard)} has no .cls files, expected WebDataset shards, ` +
          `or the path of one archive`,
      );
    }
    shards.push({ path: `${path}/${shard}`, name: shard, part: partOfFile(shard), list });
  }
  shards.sort((a, b) => PART_ORDER.indexOf(a.part) - PART_ORDER.indexOf(b.part));
  const infoOrigin = `${path}/info.json`;
  return listShards(path, shards, { info: await readInfo(infoOrigin), infoOrigin });
}

/**
 * Whether an archive holds samples rather than class folders.
 *
 * @param list Its members.
 */
export function isWebDataset({ members }: TarList): boolean {
  return members.some(({ path }) => path.endsWith(".cls"));
}

/**
 * Lists the samples of one archive, all of which are to be trained on.
 *
 * @param path The archive.
 * @param list Its members.
 * @returns The listing.
 * @throws {DataError} As for a folder of them.
 */
export async function listShard(path: string, list: TarList): Promise<PictureListing> {
  return listShards(path, [{ path, name: basename(path), part: "train", list }], await readSidecar(path));
}

interface Shard {
  readonly path: string;
  /** For messages. */
  readonly name: string;
  readonly part: PartName;
  readonly list: TarList;
}

interface Sample {
  readonly shard: Shard;
  /** Place of the picture in the archive. */
  readonly place: number;
  readonly name: string;
  readonly label: string;
}

interface Stated {
  readonly info: DatasetInfo;
  readonly infoOrigin: string;
}

function listShards(path: string, shards: readonly Shard[], beside: Stated): PictureListing {
  const samples = shards.flatMap((shard) => samplesOf(shard, path));
  const { info, infoOrigin } = shards.map(innerInfo).find((stated) => stated !== undefined) ?? beside;
  const names = shards.map(innerNames).find((names) => names !== undefined) ?? info.classes;
  const isCounted = names !== undefined && samples.every(({ label }) => /^\d{1,9}$/.test(label));
  const texts = samples.map(({ label, name }) => {
    const text = isCounted ? names[Number(label)] : label;
    if (text !== undefined) return text;
    throw new DataError(`Cannot open dataset ${path}: ${name} has label ${label}, expected 0 to ${names!.length - 1}`);
  });
  const { classes, labels } = classifyLabels(texts, { path, info, infoOrigin, names });
  const pictures = samples.map(({ name, shard }, i): ListedPicture => ({ name, part: shard.part, label: labels[i]! }));
  requireTraining(pictures, classes, path);
  return { classes, pictures, info, infoOrigin, read: () => readShards(shards, samples) };
}

/** Groups members by their key, which ends at the first dot of the last name. */
function samplesOf(shard: Shard, path: string): Sample[] {
  const { members, texts } = shard.list;
  const labels = new Map<string, string>();
  const pictures = new Map<string, number>();
  for (const { place, path: member, isFile } of members) {
    const { key, field } = split(member);
    if (!isFile || member.split("/").some((name) => name.startsWith("."))) continue;
    if (field === "cls") labels.set(key, new TextDecoder().decode(texts.get(place)).trim());
    if (!isPictureName(`.${field}`)) continue;
    if (pictures.has(key)) {
      throw new DataError(
        `Cannot open dataset ${path}: ${printable(`${shard.name}/${key}`)} has several pictures, expected one a sample`,
      );
    }
    pictures.set(key, place);
  }
  return Array.from(pictures, ([key, place]) => {
    const name = printable(`${shard.name}/${members[place]!.path}`.normalize("NFC"));
    const label = labels.get(key);
    if (label) return { shard, place, name, label };
    throw new DataError(`Cannot open dataset ${path}: ${name} has no label, expected ${printable(key)}.cls beside it`);
  });
}

function split(member: string): { key: string; field: string } {
  const [, key = member, field = ""] = /^((?:.*\/)?[^/.]*)\.([^/]*)$/.exec(member) ?? [];
  return { key, field: field.toLowerCase() };
}

function innerInfo({ path, list: { members, texts } }: Shard): Stated | undefined {
  const member = members.find(({ path }) => path === "info.json");
  const text = member && texts.get(member.place);
  return text && { info: parseInfo(text, `${path}/info.json`), infoOrigin: `${path}/info.json` };
}

function innerNames({ list: { members, texts } }: Shard): string[] | undefined {
  const member = members.find(({ path }) => path === "classes.txt");
  const text = member && texts.get(member.place);
  return text && new TextDecoder().decode(text).split("\n").map((line) => line.trim()).filter((line) => line !== "");
}

async function* readShards(shards: readonly Shard[], samples: readonly Sample[]): AsyncGenerator<PictureBytes> {
  for (const shard of shards) {
    const wanted = new Map<number, number>();
    samples.forEach((sample, index) => sample.shard === shard && wanted.set(sample.place, index));
    yield* readTarPictures(shard.path, shard.list, wanted);
  }
}
