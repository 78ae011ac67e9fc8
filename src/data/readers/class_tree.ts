import { DataError, printable } from "../errors.ts";
import type { DatasetInfo } from "../info.ts";
import { className, compare, orderClasses, requireClasses } from "./classes.ts";
import { PART_ORDER, partNamed } from "./part_names.ts";
import type { ListedPicture, PartName } from "./reader.ts";

/** A file or a folder, wherever it stands. */
export interface TreeItem {
  /** Path from the root, with `/` between names. */
  readonly path: string;
  /** A folder, else anything that may hold a picture. */
  readonly isFolder: boolean;
}

/** What paths tell about a dataset. */
export interface ClassTree {
  /** Names of the classes, in the order of the labels. */
  readonly classes: readonly string[];
  /** The pictures by part, class and path. */
  readonly pictures: readonly ListedPicture[];
  /** For each picture, its place among the items that were given. */
  readonly items: readonly number[];
  /** Names of the files that are no pictures of a class; files of the system are not among them. */
  readonly ignored: readonly string[];
}

/** What {@linkcode buildClassTree} is told beside the paths. */
export interface ClassTreeOptions {
  /** The dataset, for messages. */
  readonly path: string;
  /** What `info.json` says; its `classes` give their order. */
  readonly info: DatasetInfo;
  /** Where that stands, for messages. */
  readonly infoOrigin: string;
}

/**
 * Makes classes, parts and labels of paths: `CLASS/…`, or `train/CLASS/…`, `test/CLASS/…`, `val/CLASS/…`. Folders that hold
 * all pictures of several folders, as most archives have one at their top, are stepped through. This is the only place that
 * knows these rules, so that a folder and an archive of it are the same dataset.
 *
 * @param items Files and folders; of two items of one path the last counts, as when an archive is unpacked.
 * @param options The dataset and its information.
 * @returns Classes and pictures.
 * @throws {DataError} If pictures stand outside of class folders, parts are mixed with other folders, a class has no training
 *   pictures, or the classes are fewer than 2, more than 256, or other than the information says.
 */
export function buildClassTree(items: readonly TreeItem[], options: ClassTreeOptions): ClassTree {
  const { path, info, infoOrigin } = options;
  const tree = survey(items);
  if (tree.pictures.length === 0) {
    const seen = tree.others.length === 0 ? "no file" : `${tree.others.length} files, none of them a picture`;
    throw new DataError(`Cannot open dataset ${path}: found ${seen}, expected class folders of pictures (CLASS/*.jpg)`);
  }
  const placed = placePictures(tree, path);
  const found = foundClasses(tree, placed, path);
  requireClasses(found, path);
  const classes = orderClasses(found, info, infoOrigin);
  const labels = new Map(classes.map((name, label) => [name, label]));
  const sorted = placed.pictures
    .map((picture) => ({ ...picture, label: labels.get(picture.class)! }))
    .sort((a, b) => order(a.part) - order(b.part) || a.label - b.label || compare(a.rest, b.rest) || a.item - b.item);
  return {
    classes,
    pictures: sorted.map(({ item, part, label }) => ({ name: showPath(items[item]!.path), part, label })),
    items: sorted.map(({ item }) => item),
    ignored: [...tree.others, ...placed.strays].filter((item) => tree.parts[item]!.at(-1) !== "info.json")
      .map((item) => showPath(items[item]!.path)),
  };
}

/**
 * Finds the `info.json` of a tree: at its root, or in the folders that {@linkcode buildClassTree} steps through.
 *
 * @param items Files and folders.
 * @returns Its place among them; undefined if there is none.
 */
export function findInfo(items: readonly TreeItem[]): number | undefined {
  const { base, others, parts } = survey(items);
  const isBeside = (names: readonly string[]) =>
    names.at(-1) === "info.json" && names.length <= base.length + 1 &&
    names.slice(0, -1).every((n, i) => n === base[i]);
  const found = others.filter((item) => isBeside(parts[item]!));
  // The innermost one is nearest to the pictures.
  return found.sort((a, b) => parts[b]!.length - parts[a]!.length)[0];
}

/**
 * Whether a path is that of a file of the system, which is no part of any dataset.
 *
 * @param names The path, split.
 */
function isSystemFile(names: readonly string[]): boolean {
  return names.some((name) => name.startsWith(".") || systemNames.has(name.toLowerCase()));
}

const systemNames: ReadonlySet<string> = new Set(["__macosx", "thumbs.db", "desktop.ini", "@eadir", "$recycle.bin"]);

// Also types that no decoder reads, so that they are reported rather than passed over.
const pictureEnding =
  /\.(jpe?g?|jfif|a?png|webp|avif|gif|bmp|dib|tiff?|hei[cf]|jp2|jxl|p[bgpn]m|tga|psd|dng|cr2|nef|arw)$/i;

/**
 * Whether a name is that of a picture.
 *
 * @param name Name or path of a file.
 */
export function isPictureName(name: string): boolean {
  return pictureEnding.test(name);
}

interface Survey {
  /** Names of each item's path; empty for those that do not count. */
  readonly parts: readonly (readonly string[])[];
  /** Places of the pictures, the other files and the folders. */
  readonly pictures: readonly number[];
  readonly others: readonly number[];
  readonly folders: readonly number[];
  /** Folders to step through. */
  readonly base: readonly string[];
}

function survey(items: readonly TreeItem[]): Survey {
  const last = new Map(items.map(({ path }, item) => [path, item]));
  const found = { pictures: [] as number[], others: [] as number[], folders: [] as number[] };
  const parts = items.map(({ path, isFolder }, item) => {
    const names = path.normalize("NFC").split("/").filter((name) => name !== "" && name !== ".");
    if (names.length === 0 || last.get(path) !== item || isSystemFile(names)) return [];
    (isFolder ? found.folders : isPictureName(path) ? found.pictures : found.others).push(item);
    return names;
  });
  return { parts, ...found, base: stepThrough(found.pictures.map((item) => parts[item]!)) };
}

/** The folders that hold all pictures, as long as each picture keeps a folder that can be its class. */
function stepThrough(pictures: readonly (readonly string[])[]): readonly string[] {
  const [first] = pictures;
  if (first === undefined) return [];
  let depth = 0;
  const isShared = (names: readonly string[]) => names.length >= depth + 3 && names[depth] === first[depth];
  while (partNamed(first[depth] ?? "") === undefined && pictures.every(isShared)) depth++;
  return first.slice(0, depth);
}

interface Placed {
  readonly pictures: readonly { item: number; part: PartName; class: string; rest: string }[];
  /** Pictures beside the class folders. */
  readonly strays: readonly number[];
  readonly hasParts: boolean;
}

function placePictures(tree: Survey, path: string): Placed {
  const { base, parts, pictures } = tree;
  const rests = pictures.map((item) => ({ item, names: parts[item]!.slice(base.length) }));
  const inFolders = rests.filter(({ names }) => names.length >= 2);
  const strays = rests.filter(({ names }) => names.length < 2).map(({ item }) => item);
  const hasParts = tellParts(inFolders.map(({ names }) => names), path);
  const placed = inFolders.map(({ item, names }) => {
    const [part, within] = hasParts ? [partNamed(names[0]!)!, names.slice(1)] : ["train" as const, names];
    if (within.length < 2) {
      const [where, wanted] = [[...base, ...names], [names[0], "CLASS", within[0]]].map((names) => names.join("/"));
      throw new DataError(
        `Cannot open dataset ${path}: ${printable(where!)} stands in no class folder, expected ${printable(wanted!)}`,
      );
    }
    return { item, part, class: nameClass(within[0]!, path), rest: within.slice(1).join("/") };
  });
  if (placed.length === 0) {
    throw new DataError(
      `Cannot open dataset ${path}: its ${strays.length} pictures stand in no class folders, expected CLASS/*.jpg`,
    );
  }
  return { pictures: placed, strays, hasParts };
}

/** Whether the topmost folders are parts; a class may be called `train` too. */
function tellParts(pictures: readonly (readonly string[])[], path: string): boolean {
  const tops = new Set(pictures.map(([top]) => top!));
  const parts = [...tops].filter((top) => partNamed(top) !== undefined);
  const others = [...tops].filter((top) => partNamed(top) === undefined);
  if (parts.length === 0 || others.length === 0) return others.length === 0;
  // A folder with pictures of its own is a class.
  const classLike = new Set(pictures.filter((names) => names.length === 2).map(([top]) => top!));
  if (parts.every((top) => classLike.has(top))) return false;
  throw new DataError(
    `Cannot open dataset ${path}: beside ${printable(parts.join(", "))} it has pictures in ${printable(others[0]!)}, ` +
      `expected either class folders or train, val and test`,
  );
}

function nameClass(folder: string, path: string): string {
  const name = className(folder);
  if (name !== "") return name;
  throw new DataError(`Cannot open dataset ${path}: a class folder's name holds nothing that can be printed`);
}

/** The sorted classes, each of which must have something to learn from. */
function foundClasses({ parts, folders, base }: Survey, placed: Placed, path: string): string[] {
  const depth = base.length + (placed.hasParts ? 2 : 1);
  const isClass = (names: readonly string[]) =>
    names.length === depth && base.every((name, i) => name === names[i]) &&
    (!placed.hasParts || partNamed(names[depth - 2]!) === "train");
  const empty = folders.map((item) => parts[item]!).filter(isClass).map((names) => nameClass(names.at(-1)!, path));
  const classes = new Set([...placed.pictures.map((picture) => picture.class), ...empty]);
  const trained = new Set(placed.pictures.filter(({ part }) => part === "train").map((picture) => picture.class));
  if (trained.size === 0) {
    const found = [...new Set(placed.pictures.map(({ part }) => part))].join(" and ");
    throw new DataError(`Cannot open dataset ${path}: found ${found} pictures only, expected a folder train/ too`);
  }
  const lacking = [...classes].sort(compare).find((name) => !trained.has(name));
  if (lacking === undefined) return [...classes].sort(compare);
  const elsewhere = placed.pictures.find((picture) => picture.class === lacking)?.part;
  throw new DataError(
    `Cannot open dataset ${path}: class ${JSON.stringify(lacking)} has ` +
      (elsewhere === undefined
        ? `no pictures, add some or remove its folder`
        : `pictures in ${elsewhere}, but none in train`),
  );
}

function order(part: PartName): number {
  return PART_ORDER.indexOf(part);
}

function showPath(path: string): string {
  return printable(path.normalize("NFC"));
}
