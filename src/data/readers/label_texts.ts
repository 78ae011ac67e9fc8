import { DataError } from "../errors.ts";
import type { DatasetInfo } from "../info.ts";
import { className, orderClasses, requireClasses, sortLabels } from "./classes.ts";
import type { ListedPicture } from "./reader.ts";

/** What is known about labels that are texts. */
export interface LabelContext {
  /** The dataset, for messages. */
  readonly path: string;
  /** What `info.json` says. */
  readonly info: DatasetInfo;
  /** Where that stands, for messages. */
  readonly infoOrigin: string;
  /** Names of the classes in the order of the labels, if the format states them. */
  readonly names?: readonly string[] | undefined;
}

/**
 * Makes classes of labels that are texts: names, or numbers that count the stated names.
 *
 * @param texts Label of each picture, not empty.
 * @param context Names and information.
 * @returns Names of the classes and the label of each picture. Without stated names, the classes are the different texts,
 *   sorted: as numbers where all are whole numbers, else by code units.
 * @throws {DataError} If a number counts no stated name, a text is none of them, or the classes are fewer than 2 or more
 *   than 256.
 */
export function classifyLabels(
  texts: readonly string[],
  { path, info, infoOrigin, names }: LabelContext,
): { classes: readonly string[]; labels: number[] } {
  const named = texts.map(className);
  const found = sortLabels(new Set(named));
  const stated = names?.map(className) ?? countedNames(found, info);
  const classes = stated === undefined ? orderClasses(found, info, infoOrigin) : orderClasses(stated, info, infoOrigin);
  requireClasses(classes, path);
  const labelOf = new Map(found.map((text) => {
    const name = stated === undefined || stated.includes(text)
      ? text
      : /^\d{1,9}$/.test(text)
      ? stated[Number(text)]
      : undefined;
    if (name !== undefined) return [text, classes.indexOf(name)];
    throw new DataError(
      `Cannot open dataset ${path}: found label ${JSON.stringify(text)}, expected 0 to ${
        stated!.length - 1
      } or a name of a class`,
    );
  }));
  return { classes, labels: named.map((text) => labelOf.get(text)!) };
}

/** The names that the information gives, if the labels are numbers that may count them. */
function countedNames(found: readonly string[], { classes }: DatasetInfo): readonly string[] | undefined {
  const isCount = (text: string) => /^\d{1,9}$/.test(text) && Number(text) < classes!.length;
  return classes !== undefined && found.every(isCount) ? classes.map(className) : undefined;
}

/**
 * Checks that there is something to learn from, of every class that has pictures.
 *
 * @param pictures The pictures.
 * @param classes Names of the classes.
 * @param path The dataset, for messages.
 * @throws {DataError} If there is no training picture, or none of a class that other parts have; names the class.
 */
export function requireTraining(pictures: readonly ListedPicture[], classes: readonly string[], path: string): void {
  const trained = new Set(pictures.filter(({ part }) => part === "train").map(({ label }) => label));
  if (trained.size === 0) {
    const seen = pictures.length === 0 ? "no picture" : `${pictures.length} pictures, none of them to train on`;
    throw new DataError(`Cannot open dataset ${path}: found ${seen}, expected some in the part train`);
  }
  const lacking = pictures.find(({ label }) => !trained.has(label));
  if (lacking === undefined) return;
  throw new DataError(
    `Cannot open dataset ${path}: class ${JSON.stringify(classes[lacking.label])} has pictures in ${lacking.part}, ` +
      `but none in train`,
  );
}
