import { DataError, printable } from "../errors.ts";
import type { UnreadablePicture } from "../dataset.ts";
import type { PartName, PictureListing } from "../readers/reader.ts";

/** Pictures that could not be decoded, by their place in the listing. */
export type Reasons = ReadonlyMap<number, string>;

/** Names the pictures that are left out, each with its reason, in the order of the listing. */
export function listUnreadable({ pictures }: PictureListing, reasons: Reasons): UnreadablePicture[] {
  return [...reasons].sort(([a], [b]) => a - b).map(([index, reason]) => {
    const name = printable(pictures[index]!.name);
    return { name, reason: withoutName(printable(reason), name) };
  });
}

/** `Cannot read photos/a.jpg: it is cut` as `it is cut`, which stands beside the name. */
function withoutName(reason: string, name: string): string {
  const [start, ...rest] = reason.split(": ");
  return rest.length > 0 && start!.startsWith("Cannot ") && start!.endsWith(name) ? rest.join(": ") : reason;
}

/**
 * Says in one line what is left out.
 *
 * @param unreadable The pictures.
 * @param path The dataset.
 * @param total Number of pictures with them.
 * @returns The line.
 */
export function describeUnreadable(
  unreadable: readonly UnreadablePicture[],
  { path, total }: { path: string; total: number },
): string {
  const [first, ...others] = unreadable;
  const count = `${unreadable.length.toLocaleString("en")} of ${total.toLocaleString("en")}`;
  const [are, out] = others.length === 0
    ? ["pictures cannot be read and is", "it"]
    : ["pictures cannot be read and are", "all"];
  return `${count} ${are} left out: ${first!.name}: ${first!.reason}; deno task data inspect ${path} lists ${out}`;
}

/**
 * Refuses a dataset of which too little can be read for a network to learn what its files are about.
 *
 * @param listing The pictures.
 * @param reasons Those that cannot be read.
 * @param path The dataset.
 * @throws {DataError} If more than half of the pictures are lost, or all of a part, or all of a class in the training part.
 */
export function requireEnough({ pictures, classes }: PictureListing, reasons: Reasons, path: string): void {
  if (reasons.size === 0) return;
  const [[, example]] = [...reasons] as [[number, string]];
  const fail = (what: string) => {
    throw new DataError(`Cannot import ${path}: ${what} can be read: ${printable(example)}`);
  };
  if (2 * reasons.size > pictures.length) {
    fail(`only ${pictures.length - reasons.size} of ${pictures.length} pictures`);
  }
  const groups: Record<string, boolean> = {};
  pictures.forEach((picture, index) => {
    const { part, label } = picture;
    const names = part === "train" ? [partName(part), `class ${printable(classes[label] ?? "")}`] : [partName(part)];
    for (const name of names) groups[name] = (groups[name] ?? true) && reasons.has(index);
  });
  for (const [name, isGone] of Object.entries(groups)) if (isGone) fail(`no picture of ${name}`);
}

function partName(part: PartName): string {
  return `the ${part} part`;
}
