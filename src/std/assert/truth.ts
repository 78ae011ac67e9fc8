import { show, withMessage } from "./_message.ts";
import { AssertionError } from "./assertion_error.ts";

/**
 * Asserts that a value is truthy.
 *
 * @throws {AssertionError} If it is not.
 */
export function assert(expr: unknown, msg = ""): asserts expr {
  if (!expr) throw new AssertionError(msg);
}

/**
 * Asserts that a value is falsy.
 *
 * @throws {AssertionError} If it is not.
 */
export function assertFalse(expr: unknown, msg = ""): void {
  if (expr) throw new AssertionError(msg);
}

/**
 * Asserts that a value is neither null nor undefined.
 *
 * @throws {AssertionError} If it is.
 */
export function assertExists<T>(actual: T, msg?: string): asserts actual is NonNullable<T> {
  if (actual === undefined || actual === null) {
    throw new AssertionError(withMessage(`Expected actual: "${actual}" to not be null or undefined`, msg));
  }
}

/**
 * Asserts that a value is an instance of a class.
 *
 * @throws {AssertionError} If it is not.
 */
export function assertInstanceOf<T>(
  actual: unknown,
  // deno-lint-ignore no-explicit-any
  expectedType: abstract new (...args: any[]) => T,
  msg?: string,
): asserts actual is T {
  if (!(actual instanceof expectedType)) {
    const text = `Expected object to be an instance of "${expectedType.name}" but was ${show(actual)}`;
    throw new AssertionError(withMessage(text, msg));
  }
}

/**
 * Fails.
 *
 * @throws {AssertionError} Always.
 */
export function fail(msg?: string): never {
  throw new AssertionError(withMessage("Failed assertion", msg));
}

/**
 * Marks code that cannot be reached.
 *
 * @throws {AssertionError} Always.
 */
export function unreachable(msg?: string): never {
  throw new AssertionError(withMessage("Unreachable", msg));
}
