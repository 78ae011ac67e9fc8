/**
 * Deep equality, as `@std/assert` has it: own enumerable properties, elements of maps and sets, dates, regular
 * expressions; NaN equals NaN and 0 equals -0; prototypes must agree.
 *
 * @param a A value.
 * @param b The other.
 * @returns Whether they are equal.
 */
export function equal(a: unknown, b: unknown): boolean {
  return compare(a, b, new Map());
}

function compare(a: unknown, b: unknown, seen: Map<unknown, unknown>): boolean {
  if (Object.is(a, b)) return true;
  if (typeof a === "number" && typeof b === "number") return a === b;
  if (typeof a !== "object" || typeof b !== "object" || a === null || b === null) return false;
  if (prototype(a) !== prototype(b)) return false;
  if (a instanceof Date && b instanceof Date) return Object.is(a.getTime(), b.getTime());
  if (a instanceof RegExp || a instanceof URL) return String(a) === String(b);
  if (a instanceof WeakMap || a instanceof WeakSet || a instanceof WeakRef) return false;
  if (ArrayBuffer.isView(a) && !(a instanceof DataView)) return equalElements(a as Uint8Array, b as Uint8Array);
  if (a instanceof ArrayBuffer && b instanceof ArrayBuffer) return equalElements(new Uint8Array(a), new Uint8Array(b));
  // Values that contain themselves are equal if they do so in the same place.
  if (seen.get(a) === b) return true;
  seen.set(a, b);
  if (a instanceof Set && b instanceof Set) return equalMembers([...a], [...b], seen);
  if (a instanceof Map && b instanceof Map) return equalMembers([...a], [...b], seen);
  if (a instanceof Error && b instanceof Error && (a.message !== b.message || a.name !== b.name)) return false;
  if (Array.isArray(a) && Array.isArray(b) && a.length !== b.length) return false;
  const keys = new Set([...ownKeys(a), ...ownKeys(b)]);
  for (const key of keys) {
    if (Object.hasOwn(a, key) !== Object.hasOwn(b, key)) return false;
    if (!compare(Reflect.get(a, key), Reflect.get(b, key), seen)) return false;
  }
  return true;
}

/** A null prototype counts as that of plain objects. */
function prototype(value: object): unknown {
  return Object.getPrototypeOf(value) ?? Object.prototype;
}

function ownKeys(value: object): (string | symbol)[] {
  return Reflect.ownKeys(value).filter((key) => Object.prototype.propertyIsEnumerable.call(value, key));
}

function equalElements(a: ArrayLike<number | bigint>, b: ArrayLike<number | bigint>): boolean {
  if (a.length !== b.length) return false;
  for (let i = 0; i < a.length; i++) {
    if (a[i] !== b[i] && !Object.is(a[i], b[i])) return false;
  }
  return true;
}

function equalMembers(a: readonly unknown[], b: unknown[], seen: Map<unknown, unknown>): boolean {
  if (a.length !== b.length) return false;
  const rest = [...b];
  for (const member of a) {
    const found = rest.findIndex((other) => compare(member, other, seen));
    if (found < 0) return false;
    rest.splice(found, 1);
  }
  return true;
}
