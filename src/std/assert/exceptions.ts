import { show, withMessage } from "./_message.ts";
import { AssertionError } from "./assertion_error.ts";

/** A class of errors. */
// deno-lint-ignore no-explicit-any
export type ErrorClass<E extends Error = Error> = abstract new (...args: any[]) => E;

/**
 * Asserts that a value is an error of a class whose message includes a text.
 *
 * @throws {AssertionError} If not.
 */
export function assertIsError<E extends Error = Error>(
  error: unknown,
  ErrorClass?: ErrorClass<E>,
  msgMatches?: string | RegExp,
  msg?: string,
): asserts error is E {
  const fail = (text: string) => {
    throw new AssertionError(withMessage(text, msg), { cause: error });
  };
  if (!(error instanceof Error)) fail(`Expected "error" to be an Error object, but it is ${show(error)}`);
  const found = error as Error;
  if (ErrorClass && !(found instanceof ErrorClass)) {
    fail(
      `Expected error to be instance of "${ErrorClass.name}", but was "${found.constructor.name}" (${found.message})`,
    );
  }
  const fits = msgMatches instanceof RegExp ? msgMatches.test(found.message) : found.message.includes(msgMatches ?? "");
  if (!fits) fail(`Expected error message to include ${show(msgMatches)}, but got ${show(found.message)}`);
}

/**
 * Asserts that a function throws.
 *
 * @param fn Called once.
 * @param msg Message of the assertion; or class of the error, then a text that its message includes.
 * @returns The error.
 * @throws {AssertionError} If it does not throw, or throws another error.
 */
export function assertThrows(fn: () => unknown, msg?: string): unknown;
/** With the class of the error and a text of its message. */
export function assertThrows<E extends Error = Error>(
  fn: () => unknown,
  ErrorClass: ErrorClass<E>,
  msgIncludes?: string,
  msg?: string,
): E;
export function assertThrows(
  fn: () => unknown,
  classOrMessage?: ErrorClass | string,
  includes?: string,
  msg?: string,
): unknown {
  const [errorClass, message] = split(classOrMessage, msg);
  let result: unknown;
  try {
    result = fn();
  } catch (error) {
    if (errorClass) assertIsError(error, errorClass, includes, message);
    return error;
  }
  if (result instanceof Promise) {
    result.catch(() => {});
    throw new AssertionError(withMessage("Function returned a promise, use assertRejects", message));
  }
  throw new AssertionError(withMessage("Expected function to throw", message));
}

/**
 * Asserts that a promise is rejected.
 *
 * @param fn Called once; must return a promise.
 * @param msg Message of the assertion; or class of the error, then a text that its message includes.
 * @returns The error.
 * @throws {AssertionError} If it is not, or with another error, or the function throws before it returns.
 */
export function assertRejects(fn: () => PromiseLike<unknown>, msg?: string): Promise<unknown>;
/** With the class of the error and a text of its message. */
export function assertRejects<E extends Error = Error>(
  fn: () => PromiseLike<unknown>,
  ErrorClass: ErrorClass<E>,
  msgIncludes?: string,
  msg?: string,
): Promise<E>;
export async function assertRejects(
  fn: () => PromiseLike<unknown>,
  classOrMessage?: ErrorClass | string,
  includes?: string,
  msg?: string,
): Promise<unknown> {
  const [errorClass, message] = split(classOrMessage, msg);
  let promise: PromiseLike<unknown>;
  try {
    promise = fn();
  } catch (cause) {
    throw new AssertionError(withMessage("Function throws when expected to reject", message), { cause });
  }
  try {
    await promise;
  } catch (error) {
    if (errorClass) assertIsError(error, errorClass, includes, message);
    return error;
  }
  throw new AssertionError(withMessage("Expected function to reject", message));
}

function split(classOrMessage: ErrorClass | string | undefined, message: string | undefined) {
  return (typeof classOrMessage === "string" ? [undefined, classOrMessage] : [classOrMessage, message]) as [
    ErrorClass | undefined,
    string | undefined,
  ];
}
