import { parseArgs } from "@std/cli/parse-args";

/** A command line that cannot be understood: one line that names the flag and says what to do. Exit code 2. */
export class UsageError extends Error {
  override readonly name = "UsageError";
}

/** A flag of the command line. */
export type Flag =
  & {
    /** One line of help. */
    readonly help: string;
    /** What the help calls the value. */
    readonly value?: string;
    /** What the help says when the flag is left out. */
    readonly default?: string | number | undefined;
    /** Path of the setting among the options of the command's pipeline, such as `search.learningRate`; none if it is no setting. */
    readonly path?: string;
  }
  & (
    | { readonly kind: "text" }
    | { readonly kind: "switch" }
    | { readonly kind: "bytes" }
    | { readonly kind: "choice"; readonly of: readonly (string | number)[] }
    | {
      /** Several with commas between. */
      readonly kind: "list";
      /** Range of the whole numbers that it holds; of texts if left out. */
      readonly numbers?: { readonly from: number; readonly to: number };
    }
    | {
      readonly kind: "integer" | "number";
      readonly from: number;
      readonly to: number;
      /** A word that may stand for the number. */
      readonly or?: string;
    }
  );

/** Flags by their name without the dashes. */
export type Flags = Readonly<Record<string, Flag>>;

/** Values given on the command line, by the camelCase name of the flag. */
export type Values = Readonly<Record<string, Value>>;

/** The value of a flag. */
export type Value = string | number | boolean | readonly string[] | readonly number[];

/** What a command takes beside flags. */
export interface Operands {
  /** What they are called in the help, such as `FILE…`. */
  readonly name: string;
  /** Fewest. */
  readonly least: number;
  /** Most. */
  readonly most: number;
  /** Path of the setting that the first one is, see {@linkcode Flag}; none if it is no setting. */
  readonly path?: string;
}

const UNITS: Readonly<Record<string, number>> = { "": 1, KiB: 2 ** 10, MiB: 2 ** 20, GiB: 2 ** 30 };

/**
 * Reads the arguments of a command.
 *
 * @param args Arguments after the command's name.
 * @param flags Flags that it knows.
 * @param operands What it takes beside them; nothing if left out.
 * @returns Values of the flags that were given, and the operands.
 * @throws {UsageError} If a flag is unknown, lacks its value or has a wrong one, or operands are missing or too many.
 */
export function parseFlags(
  args: readonly string[],
  flags: Flags,
  operands: Operands = { name: "", least: 0, most: 0 },
): { values: Values; operands: string[] } {
  const names = Object.keys(flags);
  const isSwitch = (name: string) => flags[name]!.kind === "switch";
  const parsed = parseArgs(joinNegative(args, names), {
    boolean: names.filter(isSwitch),
    string: [...names.filter((name) => !isSwitch(name)), "_"],
    unknown: (arg, key) => {
      if (key === undefined) return true;
      throw new UsageError(`Unknown flag ${arg.split("=")[0]}: --help lists those that there are`);
    },
  });
  const values: Record<string, Value> = {};
  for (const name of names) {
    const given: unknown = parsed[name];
    if (given === undefined || given === false) continue;
    values[toCamelCase(name)] = isSwitch(name) ? true : readValue(name, flags[name]!, String(given));
  }
  const rest = parsed._.map(String);
  if (rest.length > operands.most) {
    throw new UsageError(
      `Unexpected argument ${JSON.stringify(rest[operands.most])}: --help shows what the command takes`,
    );
  }
  if (rest.length < operands.least) {
    throw new UsageError(`${operands.name} is missing: --help shows what the command takes`);
  }
  return { values, operands: rest };
}

/** `--seed -1` as `--seed=-1`: a number after a flag is its value, however it begins. */
function joinNegative(args: readonly string[], names: readonly string[]): string[] {
  const joined: string[] = [];
  for (const arg of args) {
    const before = joined.at(-1);
    if (/^-\d/.test(arg) && before?.startsWith("--") && names.includes(before.slice(2))) {
      joined.push(`${joined.pop()}=${arg}`);
    } else joined.push(arg);
  }
  return joined;
}

function readValue(name: string, flag: Flag, given: string): Value {
  if (given === "") throw new UsageError(`--${name} lacks its value: expected ${describe(flag)}, as in --${name}=…`);
  const fail = (): never => {
    throw new UsageError(`--${name} is ${JSON.stringify(given)}: expected ${describe(flag)}`);
  };
  switch (flag.kind) {
    case "choice":
      return flag.of.find((value) => String(value) === given) ?? fail();
    case "integer":
    case "number": {
      if (given === flag.or) return given;
      const number = /^[-+]?(\d+\.?\d*|\.\d+)(e[-+]?\d+)?$/i.test(given) ? Number(given) : NaN;
      const isWhole = flag.kind === "number" || Number.isSafeInteger(number);
      return isWhole && number >= flag.from && number <= flag.to ? number : fail();
    }
    case "bytes": {
      const [, digits, unit] = /^(\d+(?:\.\d+)?) ?(KiB|MiB|GiB|)$/.exec(given) ?? fail();
      return Math.floor(Number(digits) * UNITS[unit!]!);
    }
    case "list":
      return readList(name, given, flag.numbers);
    default:
      return given;
  }
}

function readList(
  name: string,
  given: string,
  numbers?: { readonly from: number; readonly to: number },
): string[] | number[] {
  const items = given.split(",").map((item) => item.trim());
  if (items.some((item) => item === "")) {
    throw new UsageError(`--${name} is ${JSON.stringify(given)}: expected names with single commas between them`);
  }
  const twice = items.find((item, i) => items.indexOf(item) !== i);
  if (twice !== undefined) throw new UsageError(`--${name} names ${twice} twice: expected each once`);
  if (numbers === undefined) return items;
  const { from, to } = numbers;
  return items.map((item) => {
    const number = /^\d+$/.test(item) ? Number(item) : NaN;
    if (number >= from && number <= to) return number;
    throw new UsageError(`--${name} holds ${JSON.stringify(item)}: expected whole numbers from ${from} to ${to}`);
  });
}

function describe(flag: Flag): string {
  switch (flag.kind) {
    case "choice":
      return `one of ${flag.of.join(", ")}`;
    case "integer":
    case "number": {
      const number = flag.kind === "integer" ? "a whole number" : "a number";
      return `${number} from ${flag.from} to ${flag.to}${flag.or === undefined ? "" : `, or ${flag.or}`}`;
    }
    case "bytes":
      return "a size such as 512MiB or 2GiB";
    default:
      return flag.value ?? "a text";
  }
}

/** `alpha-learning-rate` as `alphaLearningRate`. */
export function toCamelCase(name: string): string {
  return name.replace(/-([a-z])/g, (_, letter: string) => letter.toUpperCase());
}

/**
 * Words the help of flags, one line each.
 *
 * @param flags The flags.
 * @returns Lines, aligned.
 */
export function describeFlags(flags: Flags): string[] {
  const heads = Object.entries(flags).map(([name, flag]) =>
    `--${name}${flag.kind === "switch" ? "" : ` ${placeholder(flag)}`}`
  );
  const width = Math.max(...heads.map((head) => head.length));
  return Object.values(flags).map((flag, i) => {
    const fallback = flag.default === undefined ? "" : ` (default ${flag.default})`;
    return `  ${heads[i]!.padEnd(width)}  ${flag.help}${fallback}`;
  });
}

function placeholder(flag: Flag): string {
  if (flag.kind === "choice") return flag.of.join("|");
  if (flag.value !== undefined) return flag.value;
  if (flag.kind === "text") return "TEXT";
  if (flag.kind === "bytes") return "SIZE";
  return "or" in flag && flag.or !== undefined ? `N|${flag.or}` : "N";
}
