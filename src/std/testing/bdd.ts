/**
 * Stand-in for `@std/testing/bdd`: `describe`, `it` and hooks over `Deno.test`.
 *
 * A top-level suite is one test, its parts are steps. `describe.ignore`, `it.ignore`, `only` and typed contexts of the
 * published package are left out.
 *
 * @module
 */

/** A test or hook. */
export type Body = () => void | Promise<void>;

interface Suite {
  readonly name: string;
  readonly parts: (Suite | { readonly name: string; readonly body: Body })[];
  readonly hooks: Record<"beforeAll" | "afterAll" | "beforeEach" | "afterEach", Body[]>;
}

let current: Suite | undefined;

/**
 * Registers a suite.
 *
 * @param name Its name.
 * @param body Registers its tests, suites and hooks; not async.
 */
export function describe(name: string, body: () => void): void {
  const parent = current;
  const suite: Suite = { name, parts: [], hooks: { beforeAll: [], afterAll: [], beforeEach: [], afterEach: [] } };
  current = suite;
  try {
    body();
  } finally {
    current = parent;
  }
  if (parent) parent.parts.push(suite);
  else Deno.test(name, (context) => runSuite(suite, context, []));
}

/**
 * Registers a test, inside a suite or alone.
 *
 * @param name Its name.
 * @param body Throws or rejects to fail.
 */
export function it(name: string, body: Body): void {
  if (current) current.parts.push({ name, body });
  else Deno.test(name, () => body());
}

/** The same as {@linkcode it}. */
export const test: typeof it = it;

/** Runs once before the tests of the suite. */
export function beforeAll(body: Body): void {
  addHook("beforeAll", body);
}

/** Runs once after the tests of the suite, whether they passed or not. */
export function afterAll(body: Body): void {
  addHook("afterAll", body);
}

/** Runs before each test of the suite and of the suites in it. */
export function beforeEach(body: Body): void {
  addHook("beforeEach", body);
}

/** Runs after each test of the suite and of the suites in it, whether it passed or not. */
export function afterEach(body: Body): void {
  addHook("afterEach", body);
}

/** The same as {@linkcode beforeAll}. */
export const before: typeof beforeAll = beforeAll;
/** The same as {@linkcode afterAll}. */
export const after: typeof afterAll = afterAll;

function addHook(kind: keyof Suite["hooks"], body: Body): void {
  if (!current) throw new Error(`Cannot register ${kind}: it is outside any suite, expected inside describe`);
  current.hooks[kind].push(body);
}

async function runSuite(suite: Suite, context: Deno.TestContext, outer: readonly Suite[]): Promise<void> {
  const suites = [...outer, suite];
  try {
    for (const hook of suite.hooks.beforeAll) await hook();
    for (const part of suite.parts) {
      await context.step(part.name, async (step) => {
        if ("parts" in part) await runSuite(part, step, suites);
        else await runTest(part.body, suites);
      });
    }
  } finally {
    for (const hook of suite.hooks.afterAll) await hook();
  }
}

async function runTest(body: Body, suites: readonly Suite[]): Promise<void> {
  try {
    for (const suite of suites) for (const hook of suite.hooks.beforeEach) await hook();
    await body();
  } finally {
    for (const suite of suites.toReversed()) for (const hook of suite.hooks.afterEach) await hook();
  }
}
