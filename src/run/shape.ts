import { RunError } from "./run_error.ts";

/**
 * What a value from a file must be: words what is wrong with it, at which place; nothing if it is right.
 *
 * Files of a run are plain data that anybody may have changed: they are looked at before anything is computed from them.
 */
export type Shape = (value: unknown, place: string) => string | undefined;

/** A text. */
export const TEXT: Shape = (value, place) => expect(typeof value === "string", value, place, "a text");

/** True or false. */
export const YES_OR_NO: Shape = (value, place) => expect(typeof value === "boolean", value, place, "true or false");

/** Whatever JSON can hold. */
export const ANYTHING: Shape = () => undefined;

/** A finite number. */
export const NUMBER: Shape = (value, place) => expect(Number.isFinite(value), value, place, "a number");

/** A finite number from 0: seconds, losses, distances. */
export const AMOUNT: Shape = (value, place) =>
  expect(Number.isFinite(value) && (value as number) >= 0, value, place, "a number from 0");

/** A share, 0 to 1. */
export const SHARE: Shape = (value, place) =>
  expect(Number.isFinite(value) && (value as number) >= 0 && (value as number) <= 1, value, place, "a share, 0 to 1");

/** A whole number within bounds. */
export function whole(from: number, to: number = Number.MAX_SAFE_INTEGER): Shape {
  const wanted = to === Number.MAX_SAFE_INTEGER
    ? `a whole number from ${from}`
    : `a whole number from ${from} to ${to}`;
  return (value, place) => {
    const isRight = Number.isSafeInteger(value) && (value as number) >= from && (value as number) <= to;
    return expect(isRight, value, place, wanted);
  };
}

/** A value that may be left out. */
export function optional(shape: Shape): Shape {
  return (value, place) => value === undefined ? undefined : shape(value, place);
}

/** One of some texts. */
export function oneOf(...texts: readonly string[]): Shape {
  return (value, place) => expect(texts.includes(value as string), value, place, `one of ${texts.join(", ")}`);
}

/** A list whose items are all alike, of a least length. */
export function listOf(shape: Shape, least = 0): Shape {
  return (value, place) => {
    if (!Array.isArray(value) || value.length < least) {
      return expect(false, value, place, least > 0 ? `a list of at least ${least}` : "a list");
    }
    return firstFault(value.map((item, i) => () => shape(item, `${place}[${i}]`)));
  };
}

/** An object with some properties; it may have others. */
export function record(properties: Readonly<Record<string, Shape>>): Shape {
  return (value, place) => {
    if (typeof value !== "object" || value === null || Array.isArray(value)) {
      return expect(false, value, place, "an object");
    }
    const prefix = place === "" ? "" : `${place}.`;
    const held = value as Readonly<Record<string, unknown>>;
    return firstFault(
      Object.entries(properties).map(([name, shape]) => () =>
        shape(Object.hasOwn(held, name) ? held[name] : undefined, `${prefix}${name}`)
      ),
    );
  };
}

/** A value that somebody else checks, by throwing. */
export function checkedBy(check: (value: unknown) => unknown): Shape {
  return (value, place) => {
    try {
      check(value);
      return undefined;
    } catch (error) {
      return `${place}: ${(error as Error).message}`;
    }
  };
}

/** Whether a value has a shape. */
export function hasShape(value: unknown, shape: Shape): boolean {
  return shape(value, "") === undefined;
}

/**
 * Refuses a value that has not the shape that its file is to have.
 *
 * @param value Such as parsed JSON.
 * @param shape What it must be.
 * @param file Its file, for the message.
 * @throws {RunError} If it is something else: one line that names file and place, what was found and what was expected.
 */
export function checkShape(value: unknown, shape: Shape, file: string): void {
  const fault = shape(value, "");
  if (fault !== undefined) throw new RunError(`Cannot read ${file}: ${fault}`);
}

function firstFault(checks: readonly (() => string | undefined)[]): string | undefined {
  for (const check of checks) {
    const fault = check();
    if (fault !== undefined) return fault;
  }
  return undefined;
}

function expect(isRight: boolean, value: unknown, place: string, wanted: string): string | undefined {
  return isRight ? undefined : `${place === "" ? "it" : place} is ${show(value)}, expected ${wanted}`;
}

function show(value: unknown): string {
  const text = JSON.stringify(value) ?? "missing";
  return text.length > 60 ? `${text.slice(0, 59)}…` : text;
}
