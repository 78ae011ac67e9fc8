import { didYouMean } from "../text/mod.ts";
import type { Flag, Value } from "./flag.ts";

/** A value that cannot be what it is given for: says what was found and what is expected. */
export class ValueError extends Error {
  override readonly name = "ValueError";
}

const BYTES: Readonly<Record<string, number>> = { "": 1, K: 2 ** 10, M: 2 ** 20, G: 2 ** 30 };
const AMOUNTS: Readonly<Record<string, number>> = { "": 1, k: 1e3, M: 1e6 };
const SECONDS: Readonly<Record<string, number>> = { "": 1, s: 1, m: 60, min: 60, h: 3600 };

/**
 * Reads the value of a flag that is no switch.
 *
 * @param flag What it may be.
 * @param given What was typed.
 * @returns The value; of sizes bytes, of times seconds.
 * @throws {ValueError} If it is something else.
 */
export function readValue(flag: Flag, given: string): Value {
  switch (flag.kind) {
    case "choice":
      return flag.of.find((value) => String(value) === given) ?? fail(flag, given);
    case "integer":
    case "number":
      if (given === flag.or) return given;
      return inRange(flag, /^[-+]?(\d+\.?\d*|\.\d+)(e[-+]?\d+)?$/i.test(given) ? Number(given) : NaN, given);
    case "bytes": {
      const [, digits, unit] = /^(\d+(?:\.\d+)?) ?(?:([KMG])(?:iB)?)?$/.exec(given) ?? fail(flag, given);
      return Math.floor(Number(digits) * BYTES[unit ?? ""]!);
    }
    case "duration":
      return inRange(flag, readDuration(given), given);
    case "list":
      return checkList(flag, given.split(",").map((item) => item.trim()), given);
    default:
      return given;
  }
}

/**
 * Checks a setting from a file against the flag of its name: the same types and bounds. Sizes and durations may be written
 * as on the command line; a text that names several things may be a list.
 *
 * @param flag The flag.
 * @param given The setting, as the file's format gave it.
 * @returns The value of the flag.
 * @throws {ValueError} If it is something else.
 */
export function checkValue(flag: Flag, given: unknown): Value {
  switch (flag.kind) {
    case "switch":
      return typeof given === "boolean" ? given : fail(flag, given);
    case "choice":
      return flag.of.find((value) => value === given) ?? fail(flag, given);
    case "integer":
    case "number":
      if (typeof given === "number") return inRange(flag, given, given);
      return given === flag.or && flag.or !== undefined ? flag.or : fail(flag, given);
    case "bytes":
    case "duration":
      return typeof given === "string" || typeof given === "number"
        ? readValue(flag, String(given))
        : fail(flag, given);
    case "list":
      return checkList(flag, Array.isArray(given) ? given : [given], given);
    case "text":
      return isWord(given) ? String(given) : isList(flag) && areWords(given) ? given.join(",") : fail(flag, given);
  }
}

/** Words what a flag expects, as in `expected …`. */
export function describeExpected(flag: Flag): string {
  switch (flag.kind) {
    case "switch":
      return "true or false";
    case "list":
      if (flag.numbers === undefined) return "names with single commas between them";
      return flag.numbers.areAmounts
        ? `numbers from ${flag.numbers.from} to ${flag.numbers.to}, such as 0.5, 20k or 1.5M`
        : `whole numbers from ${flag.numbers.from} to ${flag.numbers.to}`;
    case "choice":
      return `one of ${flag.of.join(", ")}`;
    case "integer":
    case "number": {
      const number = flag.kind === "integer" ? "a whole number" : "a number";
      return `${number} from ${flag.from} to ${flag.to}${flag.or === undefined ? "" : `, or ${flag.or}`}`;
    }
    case "bytes":
      return "a size such as 512MiB or 2GiB";
    case "duration":
      return "a time such as 90s, 10m or 2h";
    case "text":
      return flag.value ?? "a text";
  }
}

function inRange(flag: Flag & { readonly from: number; readonly to: number }, number: number, given: unknown): number {
  const isWhole = flag.kind !== "integer" || Number.isSafeInteger(number);
  return isWhole && number >= flag.from && number <= flag.to ? number : fail(flag, given);
}

/** `90s`, `10m`, `1h30m`, or plain seconds; NaN if it is none. */
function readDuration(given: string): number {
  if (!/^(\d+(\.\d+)?(s|min|m|h)?)(\d+(\.\d+)?(s|min|m|h))*$/.test(given)) return NaN;
  return [...given.matchAll(/(\d+(?:\.\d+)?)(s|min|m|h)?/g)]
    .reduce((sum, [, digits, unit = ""]) => sum + Number(digits) * SECONDS[unit]!, 0);
}

type ListFlag = Extract<Flag, { readonly kind: "list" }>;

/** The items of a list: as they were typed, or as a file holds them. */
function checkList(flag: ListFlag, items: readonly unknown[], given: unknown): string[] | number[] {
  if (!areWords(items)) return fail(flag, given);
  const words = items.map(String);
  const twice = words.find((item, i) => words.indexOf(item) !== i);
  if (twice !== undefined) throw new ValueError(`names ${twice} twice: expected each once`);
  const { numbers } = flag;
  if (numbers === undefined) return words;
  return words.map((word) => {
    const number = numbers.areAmounts ? readAmount(word) : /^\d+$/.test(word) ? Number(word) : NaN;
    if (number >= numbers.from && number <= numbers.to) return number;
    throw new ValueError(`holds ${showValue(word)}: expected ${describeExpected(flag)}`);
  });
}

/** `0.5`, `20k`, `1.5M`; NaN if it is none. */
function readAmount(word: string): number {
  const [, digits, unit] = /^(\d+(?:\.\d+)?)([kM]?)$/.exec(word) ?? [];
  // Rounded, for 2.3 times 1000 is not 2300.
  return digits === undefined ? NaN : Number((Number(digits) * AMOUNTS[unit!]!).toPrecision(15));
}

function isList({ value }: Flag): boolean {
  return value?.includes("[,") ?? false;
}

function isWord(given: unknown): given is string | number {
  return (typeof given === "string" && given !== "") || typeof given === "number";
}

function areWords(given: unknown): given is (string | number)[] {
  return Array.isArray(given) && given.length > 0 && given.every(isWord);
}

function fail(flag: Flag, given: unknown): never {
  const guess = flag.kind === "choice" && typeof given === "string" ? didYouMean(given, flag.of.map(String)) : "";
  throw new ValueError(`is ${showValue(given)}: expected ${describeExpected(flag)}${guess}`);
}

/** Shows a found value in a few characters: what a file holds may be as large as the file. */
export function showValue(given: unknown): string {
  if (Array.isArray(given)) return "a list";
  if (typeof given === "object" && given !== null) return "a group of settings";
  const text = typeof given === "string" ? JSON.stringify(given) : String(given);
  return text.length > 80 ? `${text.slice(0, 79)}…` : text;
}
