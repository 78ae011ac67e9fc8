import { DataError, printable } from "../errors.ts";
import type { DatasetInfo } from "../info.ts";

const classBounds = { fewest: 2, most: 256 } as const;
const shownClasses = 3;

/**
 * Makes a class name of what a folder, a cell or a field says: composed characters (NFC), so that names agree whatever system
 * wrote them, and nothing that a terminal would obey.
 *
 * @param text The text.
 * @returns The name; empty if nothing is left.
 */
export function className(text: string): string {
  return printable(text.normalize("NFC"));
}

/**
 * Sorts the texts that stand for classes: as numbers where all are whole numbers, else by UTF-16 code units.
 *
 * @param texts The texts, each once.
 * @returns A sorted copy.
 */
export function sortLabels(texts: Iterable<string>): string[] {
  const found = [...texts];
  const isNumeric = found.every((text) => /^-?\d{1,15}$/.test(text));
  return isNumeric ? found.sort((a, b) => Number(a) - Number(b) || compare(a, b)) : found.sort(compare);
}

/** Compares by UTF-16 code units, as `sort()` does. */
export function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

/**
 * Brings the classes that were found into the order that the information gives, where it gives one.
 *
 * @param found Names of the classes, in the order that the format gives.
 * @param info What `info.json` says.
 * @param infoOrigin Where it stands, for messages.
 * @returns The names, in the order of the labels.
 * @throws {DataError} If the information names other classes than were found; names the first that differs.
 */
export function orderClasses(found: readonly string[], info: DatasetInfo, infoOrigin: string): readonly string[] {
  if (info.classes === undefined) return found;
  const stated = info.classes.map(className);
  const extra = stated.find((name) => !found.includes(name));
  const missing = found.find((name) => !stated.includes(name));
  if (extra === undefined && missing === undefined) return stated;
  throw new DataError(
    `Cannot read ${infoOrigin}: "classes" ` +
      (extra === undefined
        ? `lacks ${JSON.stringify(missing)}, which has pictures`
        : `names ${JSON.stringify(extra)}, expected classes that have pictures, such as ${showClasses(found)}`),
  );
}

/**
 * Checks the number of classes, and that their names differ.
 *
 * @param classes Their names.
 * @param path The dataset, for messages.
 * @throws {DataError} If there are fewer than 2 or more than 256, or two of one name.
 */
export function requireClasses(classes: readonly string[], path: string): void {
  const { fewest, most } = classBounds;
  if (classes.length >= fewest && classes.length <= most) {
    const twice = classes.find((name, i) => classes.indexOf(name) !== i);
    if (twice === undefined) return;
    throw new DataError(
      `Cannot open dataset ${path}: found class ${JSON.stringify(twice)} twice, expected different names`,
    );
  }
  const found = classes.length === 0 ? "no class" : classes.length === 1 ? "one class" : `${classes.length} classes`;
  const which = classes.length === 0 ? "" : ` (${showClasses(classes)})`;
  throw new DataError(`Cannot open dataset ${path}: found ${found}${which}, expected ${fewest} to ${most}`);
}

function showClasses(names: readonly string[]): string {
  const shown = names.slice(0, shownClasses).map((name) => JSON.stringify(name)).join(", ");
  return names.length > shownClasses ? `${shown}, …` : shown;
}
