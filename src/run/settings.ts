/** Settings in nested groups: plain JSON data, arrays among the values. */
export type Settings = Readonly<Record<string, unknown>>;

/** Some of the settings of a kind, at any depth. */
export type SomeSettings<Options> = {
  readonly [Key in keyof Options]?:
    | (Options[Key] extends readonly unknown[] ? Options[Key]
      : Options[Key] extends object ? SomeSettings<Options[Key]>
      : Options[Key])
    | undefined;
};

/**
 * Lists settings by their paths.
 *
 * @param settings Nested groups.
 * @returns Values by path, such as `search.learningRate`; without those that are undefined.
 * @example A round trip
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { flattenSettings, nestSettings } from "./mod.ts";
 *
 * const settings = { data: "uci-digits", search: { epochs: 3, batch: undefined } };
 * const flat = flattenSettings(settings);
 * assertEquals(flat, { data: "uci-digits", "search.epochs": 3 });
 * assertEquals(nestSettings(flat), { data: "uci-digits", search: { epochs: 3 } });
 * ```
 */
export function flattenSettings(settings: object): Record<string, unknown> {
  const flat: Record<string, unknown> = {};
  for (const [key, value] of Object.entries(settings)) {
    if (value === undefined) continue;
    if (!isGroup(value)) flat[key] = value;
    else for (const [path, inner] of Object.entries(flattenSettings(value))) flat[`${key}.${path}`] = inner;
  }
  return flat;
}

/**
 * Puts settings into their groups: the inverse of {@linkcode flattenSettings}.
 *
 * @param flat Values by path.
 * @returns Nested groups.
 * @throws {RangeError} If one path leads through the value of another.
 */
export function nestSettings(flat: Readonly<Record<string, unknown>>): Settings {
  const nested: Record<string, unknown> = {};
  for (const [path, value] of Object.entries(flat)) {
    const keys = path.split(".");
    const last = keys.pop()!;
    let group = nested;
    for (const key of keys) {
      const inner = group[key] ??= {};
      if (!isGroup(inner)) throw new RangeError(`Cannot set ${path}: ${key} has a value, expected a group of settings`);
      group = inner as Record<string, unknown>;
    }
    group[last] = value;
  }
  return nested;
}

/**
 * Lays settings over others, group by group.
 *
 * @param base All settings.
 * @param layers Some of them, the later the stronger; what is undefined leaves what is below. An array replaces an array.
 * @returns All settings; nothing given is changed.
 * @example A user's settings over the defaults
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { mergeSettings } from "./mod.ts";
 *
 * const defaults = { seed: 0, search: { epochs: 50, batch: 64 } };
 * assertEquals(mergeSettings(defaults, { search: { epochs: 3 } }), { seed: 0, search: { epochs: 3, batch: 64 } });
 * ```
 */
export function mergeSettings<Options extends object>(
  base: Options,
  ...layers: readonly SomeSettings<Options>[]
): Options {
  const merged = { ...base } as Record<string, unknown>;
  for (const layer of layers) {
    for (const [key, value] of Object.entries(layer)) {
      if (value === undefined) continue;
      const below = merged[key];
      merged[key] = isGroup(value) && isGroup(below) ? mergeSettings(below, value) : value;
    }
  }
  return merged as Options;
}

function isGroup(value: unknown): value is Settings {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
