import {
  AssertionError,
  assertIsError,
  assertMatch,
  assertRejects,
  assertStrictEquals,
  assertThrows,
} from "@std/assert";
import { check } from "./_outcome.ts";

const fault = new RangeError("found 3, expected 4");
const throwing = () => {
  throw fault;
};

Deno.test("assertIsError() checks class and message", () => {
  check(
    [
      () => assertIsError(fault),
      () => assertIsError(fault, RangeError, "found 3"),
      () => assertIsError(fault, Error, /^found \d/),
    ],
    [
      () => assertIsError("fault"),
      () => assertIsError(fault, TypeError),
      () => assertIsError(fault, RangeError, "found 4"),
      () => assertIsError(fault, RangeError, /^expected/),
    ],
  );
});

Deno.test("assertThrows() returns the error that it wants", () => {
  assertStrictEquals(assertThrows(throwing), fault);
  assertStrictEquals(assertThrows(throwing, RangeError, "expected 4"), fault);
});

Deno.test("assertThrows() fails on another error, none, or a promise", () => {
  check([], [
    () => assertThrows(throwing, TypeError),
    () => assertThrows(throwing, RangeError, "expected 5"),
    () => assertThrows(() => 1),
    () => assertThrows(() => Promise.reject(fault)),
  ]);
});

Deno.test("assertRejects() resolves to the error that it wants", async () => {
  assertStrictEquals(await assertRejects(() => Promise.reject(fault)), fault);
  assertStrictEquals(await assertRejects(() => Promise.reject(fault), RangeError, "found 3"), fault);
});

Deno.test("assertRejects() fails on another error, none, or a function that throws at once", async () => {
  const failing = [
    () => assertRejects(() => Promise.reject(fault), TypeError),
    () => assertRejects(() => Promise.reject(fault), RangeError, "found 4"),
    () => assertRejects(() => Promise.resolve(1)),
    () => assertRejects(throwing, RangeError),
  ];
  for (const assertion of failing) {
    const error = await assertion().then(() => undefined, (error: unknown) => error);
    if (!(error instanceof AssertionError)) throw new Error(`${assertion} holds`);
  }
  const error = await assertRejects(() => assertRejects(() => Promise.resolve(1), "mine"));
  assertMatch((error as Error).message, /mine$/);
});
