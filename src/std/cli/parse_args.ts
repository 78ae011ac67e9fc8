/**
 * Stand-in for `@std/cli/parse-args`: command-line flags to a plain object.
 *
 * The options and the results are those of the published package, except that dotted names (`--a.b`) stay one name and
 * that the result's type does not follow `alias`.
 *
 * @module
 */

/** How {@linkcode parseArgs} reads flags. */
export interface ParseOptions<
  B extends string = string,
  S extends string = string,
  C extends string = string,
  N extends string = string,
> {
  /** Put what follows `--` into `"--"` instead of `_`. Default false. */
  "--"?: boolean;
  /** Further names of a flag: both names get the value. */
  alias?: Record<string, string | readonly string[]>;
  /** Flags without a value; `true`: every `--flag` without `=`. They are false when not given. */
  boolean?: boolean | B | readonly B[];
  /** Values of flags that are not given. */
  default?: Record<string, unknown>;
  /** Leave everything after the first positional argument alone. Default false. */
  stopEarly?: boolean;
  /** Flags whose value stays text even when it looks like a number; `_` does the same for positional arguments. */
  string?: S | readonly S[];
  /** Flags that may be repeated: their value is an array. */
  collect?: C | readonly C[];
  /** Flags that `--no-flag` sets to false. */
  negatable?: N | readonly N[];
  /** Called for every flag and positional argument that no option declares; `false` drops it. */
  unknown?: (arg: string, key?: string, value?: unknown) => unknown;
}

/** Names as they are written; none if they are not known at compile time. */
type Named<Key extends string> = string extends Key ? never : Exclude<Key, "_">;
type Collected<Key, C, Value> = Key extends C ? Value[] : Value;
type Optional<Key, C, D, Value> = Key extends C ? Value[] : Key extends keyof D ? Value : Value | undefined;

/** What {@linkcode parseArgs} found: positional arguments in `_`, flags by name. */
export type Args<
  B extends string = never,
  S extends string = never,
  C extends string = never,
  D = Record<never, never>,
> =
  // deno-lint-ignore no-explicit-any
  & { [key: string]: any; _: (string | number)[]; "--"?: string[] }
  & {
    [Key in Named<B>]: Collected<Key, C, boolean>;
  }
  & {
    [Key in Named<S>]: Optional<Key, C, D, string>;
  };

/** A flag: dashes, an optional `no-`, a name, an optional value. */
const FLAG = /^-(?:(-)(no-)?)?(.+?)(?:=(.+))?$/s;

/**
 * Parses command-line arguments.
 *
 * @param args Arguments, usually `Deno.args`.
 * @param options Which flags are boolean, text, repeated and so on.
 * @returns Positional arguments and flags.
 * @throws {TypeError} If an alias has no value.
 * @example A command, a number and a switch
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { parseArgs } from "@std/cli";
 *
 * const args = parseArgs(["search", "--epochs", "3", "--quiet"], { boolean: ["quiet"] });
 * assertEquals(args, { _: ["search"], epochs: 3, quiet: true });
 * ```
 */
export function parseArgs<
  const B extends string = never,
  const S extends string = never,
  const C extends string = never,
  const N extends string = never,
  const D extends Record<string, unknown> = Record<never, never>,
>(args: string[], options: Omit<ParseOptions<B, S, C, N>, "default"> & { default?: D } = {}): Args<B, S, C, D> {
  const parser = new Parser(options);
  const end = args.indexOf("--");
  parser.parse(end < 0 ? args : args.slice(0, end));
  parser.fillIn(options.default ?? {});
  const rest = end < 0 ? [] : args.slice(end + 1);
  if (options["--"]) parser.result["--"] = rest;
  else parser.result._.push(...rest);
  return parser.result as Args<B, S, C, D>;
}

class Parser {
  readonly result: { [key: string]: unknown; _: (string | number)[] } = { _: [] };
  readonly #aliases: ReadonlyMap<string, readonly string[]>;
  readonly #allBooleans: boolean;
  readonly #booleans: ReadonlySet<string>;
  readonly #strings: ReadonlySet<string>;
  readonly #collected: ReadonlySet<string>;
  readonly #negatable: ReadonlySet<string>;
  readonly #stopEarly: boolean;
  readonly #unknown: (arg: string, key?: string, value?: unknown) => unknown;

  constructor(options: Omit<ParseOptions, "default">) {
    this.#aliases = groupAliases(options.alias ?? {});
    this.#allBooleans = options.boolean === true;
    this.#booleans = this.#named(typeof options.boolean === "boolean" ? [] : options.boolean);
    this.#strings = this.#named(options.string);
    this.#collected = this.#named(options.collect);
    this.#negatable = this.#named(options.negatable);
    this.#stopEarly = options.stopEarly ?? false;
    this.#unknown = options.unknown ?? (() => true);
  }

  parse(args: readonly string[]): void {
    for (let i = 0; i < args.length; i++) {
      const arg = args[i]!;
      const match = FLAG.exec(arg);
      if (!match) {
        if (this.#unknown(arg) !== false) this.result._.push(this.#strings.has("_") ? arg : asNumber(arg));
        if (this.#stopEarly) {
          this.result._.push(...args.slice(i + 1));
          return;
        }
      } else if (match[1]) {
        i += this.#long(arg, match, args[i + 1]);
      } else {
        i += this.#short(arg, args[i + 1]);
      }
    }
  }

  /** Sets what was not given: defaults, then false for boolean flags and [] for repeated ones. */
  fillIn(defaults: Record<string, unknown>): void {
    for (const [key, value] of Object.entries(defaults)) {
      if (!Object.hasOwn(this.result, key)) this.#assign(key, value);
    }
    for (const key of this.#booleans) {
      if (!Object.hasOwn(this.result, key)) this.result[key] = this.#collected.has(key) ? [] : false;
    }
    for (const key of this.#strings) {
      if (!Object.hasOwn(this.result, key) && this.#collected.has(key)) this.result[key] = [];
    }
  }

  /** Reads `--flag`, `--flag=value`, `--flag value` or `--no-flag`; returns how many further arguments it took. */
  #long(arg: string, match: RegExpExecArray, next: string | undefined): number {
    let key = match[3]!;
    const value = match[4];
    if (value !== undefined) {
      if (match[2]) key = `no-${key}`;
      this.#set(key, this.#booleans.has(key) ? value !== "false" : value, arg);
      return 0;
    }
    if (match[2]) {
      if (this.#negatable.has(key)) {
        this.#set(key, false, arg, false);
        return 0;
      }
      key = `no-${key}`;
    }
    const takesValue = !this.#booleans.has(key) && !this.#allBooleans;
    return this.#valueFrom(key, arg, takesValue && next && !next.startsWith("-") ? next : undefined, next);
  }

  /** Reads `-abc`, `-n5`, `-n=5` or `-n 5`; returns how many further arguments it took. */
  #short(arg: string, next: string | undefined): number {
    const letters = arg.slice(1);
    for (let j = 0; j < letters.length - 1; j++) {
      const letter = letters[j]!;
      const rest = letters.slice(j + 1);
      if (rest === "-") {
        this.#set(letter, rest, arg);
        return 0;
      }
      const isLetter = /[A-Za-z]/.test(letter);
      const isNumberNext = isLetter && /^-?\d+(\.\d*)?(e-?\d+)?$/.test(rest);
      if (isNumberNext || /^\W/.test(rest)) {
        this.#set(letter, isLetter && rest.length > 1 ? rest.replace(/^=/, "") : rest, arg);
        return 0;
      }
      this.#set(letter, this.#strings.has(letter) ? "" : true, arg);
    }
    const key = letters.slice(-1);
    const isValue = next !== undefined && next !== "" && !/^--?[^-]/.test(next);
    return this.#valueFrom(key, arg, isValue && !this.#booleans.has(key) ? next : undefined, next);
  }

  #valueFrom(key: string, arg: string, value: string | undefined, next: string | undefined): number {
    if (value !== undefined) {
      this.#set(key, value, arg);
      return 1;
    }
    if (next === "true" || next === "false") {
      this.#set(key, next === "true", arg);
      return 1;
    }
    this.#set(key, this.#strings.has(key) ? "" : true, arg);
    return 0;
  }

  #set(key: string, given: unknown, arg: string, mayCollect = true): void {
    const isDeclared = this.#booleans.has(key) || this.#strings.has(key) || this.#aliases.has(key) ||
      (this.#allBooleans && /^--[^=]+$/.test(arg));
    if (!isDeclared && this.#unknown(arg, key, given) === false) return;
    const value = typeof given === "string" && !this.#strings.has(key) ? asNumber(given) : given;
    this.#assign(key, value, mayCollect && this.#collected.has(key));
  }

  #assign(key: string, value: unknown, isCollected = false): void {
    for (const name of [key, ...this.#aliases.get(key) ?? []]) {
      const before = Object.hasOwn(this.result, name) ? this.result[name] : [];
      // A plain assignment to `__proto__` would set the prototype instead of a property.
      Object.defineProperty(this.result, name, {
        value: isCollected ? [...(Array.isArray(before) ? before : [before]), value] : value,
        configurable: true,
        enumerable: true,
        writable: true,
      });
    }
  }

  /** The names of an option, with their aliases. */
  #named(option: string | readonly string[] | undefined): Set<string> {
    const names = typeof option === "string" ? [option] : option ?? [];
    return new Set(names.flatMap((name) => [name, ...this.#aliases.get(name) ?? []]));
  }
}

function groupAliases(alias: Record<string, string | readonly string[]>): Map<string, string[]> {
  const groups = new Map<string, string[]>();
  for (const [key, value] of Object.entries(alias)) {
    if (value === undefined) throw new TypeError("Alias value must be defined");
    const names = [key, ...(typeof value === "string" ? [value] : value)];
    for (const name of names) groups.set(name, names.filter((other) => other !== name));
  }
  return groups;
}

function asNumber(text: string): string | number {
  return /\S/.test(text) && Number.isFinite(Number(text)) ? Number(text) : text;
}
