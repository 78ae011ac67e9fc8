import { show, withMessage } from "./_message.ts";
import { AssertionError } from "./assertion_error.ts";

/**
 * Asserts that two numbers are close.
 *
 * @param tolerance Largest difference; default 1e-7 of the expected value, or 1e-7 if it is not finite or 0.
 * @throws {AssertionError} If they are not.
 */
export function assertAlmostEquals(actual: number, expected: number, tolerance?: number, msg?: string): void {
  if (Object.is(actual, expected)) return;
  const allowed = tolerance ?? (Number.isFinite(expected) && expected !== 0 ? Math.abs(expected * 1e-7) : 1e-7);
  const difference = Math.abs(actual - expected);
  if (difference <= allowed) return;
  const found = `Expected actual: "${actual}" to be close to "${expected}": delta "${difference}" is greater than`;
  throw new AssertionError(withMessage(`${found} "${allowed}"`, msg));
}

/**
 * Asserts actual > expected.
 *
 * @throws {AssertionError} If not.
 */
export function assertGreater<T>(actual: T, expected: T, msg?: string): void {
  order(actual > expected, ">", actual, expected, msg);
}

/**
 * Asserts actual >= expected.
 *
 * @throws {AssertionError} If not.
 */
export function assertGreaterOrEqual<T>(actual: T, expected: T, msg?: string): void {
  order(actual >= expected, ">=", actual, expected, msg);
}

/**
 * Asserts actual < expected.
 *
 * @throws {AssertionError} If not.
 */
export function assertLess<T>(actual: T, expected: T, msg?: string): void {
  order(actual < expected, "<", actual, expected, msg);
}

/**
 * Asserts actual <= expected.
 *
 * @throws {AssertionError} If not.
 */
export function assertLessOrEqual<T>(actual: T, expected: T, msg?: string): void {
  order(actual <= expected, "<=", actual, expected, msg);
}

function order(holds: boolean, sign: string, actual: unknown, expected: unknown, message: string | undefined): void {
  if (!holds) throw new AssertionError(withMessage(`Expect ${show(actual)} ${sign} ${show(expected)}`, message));
}
