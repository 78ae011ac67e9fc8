import { show, withMessage } from "./_message.ts";
import { AssertionError } from "./assertion_error.ts";
import { equal } from "./equal.ts";

/**
 * Asserts deep equality, see {@linkcode equal}.
 *
 * @throws {AssertionError} If the values differ.
 */
export function assertEquals<T>(actual: T, expected: T, msg?: string): void {
  if (!equal(actual, expected)) throw new AssertionError(differ("Values are not equal", actual, expected, msg));
}

/**
 * Asserts that two values are not deeply equal.
 *
 * @throws {AssertionError} If they are.
 */
export function assertNotEquals<T>(actual: T, expected: T, msg?: string): void {
  if (equal(actual, expected)) {
    throw new AssertionError(withMessage(`Expected actual: ${show(actual)} not to be: ${show(expected)}`, msg));
  }
}

/**
 * Asserts identity in the sense of `Object.is`.
 *
 * @throws {AssertionError} If the values are not the same.
 */
export function assertStrictEquals<T>(actual: unknown, expected: T, msg?: string): asserts actual is T {
  if (!Object.is(actual, expected)) {
    throw new AssertionError(differ("Values are not strictly equal", actual, expected, msg));
  }
}

/**
 * Asserts that two values are not the same in the sense of `Object.is`.
 *
 * @throws {AssertionError} If they are.
 */
export function assertNotStrictEquals<T>(actual: T, expected: T, msg?: string): void {
  if (Object.is(actual, expected)) {
    throw new AssertionError(withMessage(`Expected "actual" to not be strictly equal to: ${show(actual)}`, msg));
  }
}

/**
 * Asserts that an object has at least the given properties, compared deeply.
 *
 * @throws {AssertionError} If one is missing or differs.
 */
export function assertObjectMatch(
  // deno-lint-ignore no-explicit-any
  actual: Record<PropertyKey, any>,
  expected: Record<PropertyKey, unknown>,
  msg?: string,
): void {
  if (!matches(actual, expected)) throw new AssertionError(differ("Object does not match", actual, expected, msg));
}

function matches(actual: unknown, expected: unknown): boolean {
  const isPlain = (value: unknown): value is Record<PropertyKey, unknown> =>
    typeof value === "object" && value !== null && !Array.isArray(value) && !ArrayBuffer.isView(value) &&
    !(value instanceof Map) && !(value instanceof Set);
  if (!isPlain(actual) || !isPlain(expected)) return equal(actual, expected);
  return Reflect.ownKeys(expected).every((key) => Object.hasOwn(actual, key) && matches(actual[key], expected[key]));
}

function differ(text: string, actual: unknown, expected: unknown, message: string | undefined): string {
  return `${withMessage(text, message)}\n    actual:   ${show(actual)}\n    expected: ${show(expected)}`;
}
