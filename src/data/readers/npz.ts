import { maximumFileBytes } from "../bytes.ts";
import { DataError, printable } from "../errors.ts";
import type { PathContent } from "../files.ts";
import { type DatasetInfo, maximumInfoBytes, parseInfo } from "../info.ts";
import { labelsOfNpy, type NpyArray, parseNpy, textsOfNpy } from "./npy_format.ts";
import { partNamed } from "./part_names.ts";
import type { PartName, RawDataset, RawPart, Reader } from "./reader.ts";
import { filesWithSidecar, readSidecar } from "./sidecar.ts";
import { isZip } from "./zip.ts";
import { ZipFile, type ZipMember } from "./zip_file.ts";

/** Arrays of NumPy in one file, as MedMNIST and Keras distribute their datasets. */
export const npzReader: Reader = {
  name: "npz",
  describe: "an .npz of images and labels",
  recognises: ({ path, isFolder, start }) =>
    !isFolder && isZip(start) && (/\.npz$/i.test(path) || firstName(start).endsWith(".npy")),
  read: readNpz,
  filesOf: filesWithSidecar,
};

/** Name of the first member of a zip archive, which stands in the first bytes. */
function firstName(start: Uint8Array): string {
  const length = (start[26] ?? 0) + 256 * (start[27] ?? 0);
  return new TextDecoder().decode(start.subarray(30, 30 + length));
}

type Role = "images" | "labels" | "classes";

// `train_images` as MedMNIST, `x_train` as Keras, or `images` alone.
const roles: Readonly<Record<string, Role>> = {
  images: "images",
  x: "images",
  labels: "labels",
  y: "labels",
  classes: "classes",
  class_names: "classes",
};

function roleOf(path: string): { role: Role; part: PartName } | undefined {
  const name = path.toLowerCase().replace(/\.npy$/, "");
  if (Object.hasOwn(roles, name)) return { role: roles[name]!, part: "train" };
  const [first = "", second = ""] = name.split("_", 2);
  const [word, part] = Object.hasOwn(roles, second) ? [second, partNamed(first)] : [first, partNamed(second)];
  return part !== undefined && Object.hasOwn(roles, word) ? { role: roles[word]!, part } : undefined;
}

async function readNpz({ path }: PathContent): Promise<RawDataset> {
  using zip = await ZipFile.open(path);
  const members = membersByRole(zip);
  const array = (member: ZipMember) => {
    const name = printable(`${path}/${member.path}`);
    return { name, ...parseNpy(zip.read(member, maximumFileBytes), name) };
  };
  const readPart = (part: PartName): RawPart | undefined => {
    const [images, labels] = [members.get(`${part} images`), members.get(`${part} labels`)];
    if (images !== undefined && labels !== undefined) return asPart(array(images), array(labels));
    if (images === undefined && labels === undefined) return undefined;
    throw new DataError(`Cannot open dataset ${path}: it has no ${images ? "labels" : "images"} of the part ${part}`);
  };
  const train = readPart("train");
  if (train === undefined) {
    const found = zip.members.slice(0, 5).map((member) => printable(member.path)).join(", ") || "nothing";
    throw new DataError(
      `Cannot open dataset ${path}: found ${found}, expected train_images and train_labels, or images and labels`,
    );
  }
  const classes = members.get("classes");
  const names = classes && array(classes);
  const { info, infoOrigin } = await readArchiveInfo(zip);
  return {
    train,
    validation: readPart("validation"),
    test: readPart("test"),
    info: names === undefined ? info : { classes: textsOfNpy(names, names.name), ...info },
    infoOrigin: names === undefined ? infoOrigin : names.name,
  };
}

/** The arrays by what they hold: `classes`, or part and role. */
function membersByRole({ path, members }: ZipFile): Map<string, ZipMember> {
  const found = new Map<string, ZipMember>();
  for (const member of members) {
    const known = roleOf(member.path);
    if (known === undefined) continue;
    const key = known.role === "classes" ? "classes" : `${known.part} ${known.role}`;
    const other = found.get(key);
    if (other !== undefined) {
      const names = [other, member].map((one) => printable(one.path)).join(" and ");
      throw new DataError(`Cannot open dataset ${path}: found ${names}, expected one array for ${key}`);
    }
    found.set(key, member);
  }
  return found;
}

/** `info.json` in the archive, or beside it. */
async function readArchiveInfo(zip: ZipFile): Promise<{ info: DatasetInfo; infoOrigin: string }> {
  const member = zip.members.find((member) => member.path === "info.json");
  if (member === undefined) return await readSidecar(zip.path);
  const infoOrigin = `${zip.path}/info.json`;
  return { info: parseInfo(zip.read(member, maximumInfoBytes), infoOrigin), infoOrigin };
}

function asPart(images: NpyArray & { name: string }, labels: NpyArray & { name: string }): RawPart {
  const [count, height, width, channels = 1] = images.shape;
  if (images.shape.length < 3 || images.shape.length > 4) {
    throw new DataError(
      `Cannot read ${images.name}: found images of shape ${images.shape.join("x")}, expected NxHxW or NxHxWx3`,
    );
  }
  if (!/^[|<=>]?u1$/.test(images.type)) {
    throw new DataError(
      `Cannot read ${images.name}: found images of type ${images.type}, expected bytes from 0 to 255 (numpy.uint8)`,
    );
  }
  return {
    pixels: images.data,
    count: count!,
    height: height!,
    width: width!,
    channels,
    labels: labelsOfNpy(labels, labels.name),
    origin: { images: images.name, labels: labels.name },
  };
}
