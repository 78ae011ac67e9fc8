import { show, withMessage } from "./_message.ts";
import { AssertionError } from "./assertion_error.ts";
import { equal } from "./equal.ts";

/**
 * Asserts that a text matches.
 *
 * @throws {AssertionError} If not.
 */
export function assertMatch(actual: string, expected: RegExp, msg?: string): void {
  if (actual.match(expected) === null) {
    throw new AssertionError(withMessage(`Expected actual: ${show(actual)} to match: ${show(expected)}`, msg));
  }
}

/**
 * Asserts that a text does not match.
 *
 * @throws {AssertionError} If it does.
 */
export function assertNotMatch(actual: string, expected: RegExp, msg?: string): void {
  if (actual.match(expected) !== null) {
    throw new AssertionError(withMessage(`Expected actual: ${show(actual)} not to match: ${show(expected)}`, msg));
  }
}

/**
 * Asserts that a text includes another.
 *
 * @throws {AssertionError} If not.
 */
export function assertStringIncludes(actual: string, expected: string, msg?: string): void {
  if (!actual.includes(expected)) {
    throw new AssertionError(withMessage(`Expected actual: ${show(actual)} to contain: ${show(expected)}`, msg));
  }
}

/**
 * Asserts that a list has, for each wanted element, one that equals it deeply.
 *
 * @throws {AssertionError} If elements are missing.
 */
export function assertArrayIncludes<T>(actual: ArrayLike<T>, expected: ArrayLike<T>, msg?: string): void {
  const found = Array.from(actual);
  const missing = Array.from(expected).filter((wanted) => !found.some((element) => equal(element, wanted)));
  if (missing.length > 0) {
    const text = `Expected actual: ${show(actual)} to include: ${show(expected)}, missing: ${show(missing)}`;
    throw new AssertionError(withMessage(text, msg));
  }
}
