import { AssertionError } from "@std/assert";

/** Message of the assertion that a function fails; undefined if it holds. Anything else thrown is passed on. */
export function failure(assertion: () => void): string | undefined {
  try {
    assertion();
  } catch (error) {
    if (error instanceof AssertionError) return error.message;
    throw error;
  }
  return undefined;
}

/** Throws unless every assertion that should hold does and every other fails. Plain `if`, so that nothing tests itself. */
export function check(holding: (() => void)[], failing: (() => void)[]): void {
  for (const assertion of holding) {
    const message = failure(assertion);
    if (message !== undefined) throw new Error(`${assertion} fails: ${message}`);
  }
  for (const assertion of failing) {
    if (failure(assertion) === undefined) throw new Error(`${assertion} holds`);
  }
}
