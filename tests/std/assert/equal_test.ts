import { assert, assertFalse, equal } from "@std/assert";

const same: [unknown, unknown][] = [
  [1, 1],
  [NaN, NaN],
  [0, -0],
  ["a", "a"],
  [undefined, undefined],
  [[1, [2]], [1, [2]]],
  [{ a: 1, b: { c: [] } }, { b: { c: [] }, a: 1 }],
  [new Map([[{ k: 1 }, "v"]]), new Map([[{ k: 1 }, "v"]])],
  [new Set([1, [2]]), new Set([[2], 1])],
  [new Float32Array([1, NaN]), new Float32Array([1, NaN])],
  [new Uint8Array([1]).buffer, new Uint8Array([1]).buffer],
  [new Date(5), new Date(5)],
  [/a/g, /a/g],
  [new Error("x"), new Error("x")],
  [Object.create(null), {}],
];

const different: [unknown, unknown][] = [
  [1, "1"],
  [null, undefined],
  [null, {}],
  [[1], [1, 2]],
  [[1, 2], [2, 1]],
  [{ a: undefined }, {}],
  [{ a: 1 }, { a: 1, b: 2 }],
  [[], {}],
  [new Map([[1, 2]]), new Map([[1, 3]])],
  [new Set([1, 1]), new Set([1, 2])],
  [new Float32Array([1]), new Float32Array([2])],
  [new Float32Array([1]), new Float64Array([1])],
  [new Date(5), new Date(6)],
  [/a/g, /a/],
  [new Error("x"), new Error("y")],
  [new (class A {})(), new (class B {})()],
  [() => 1, () => 1],
];

Deno.test("equal() accepts equal values", () => {
  for (const [a, b] of same) assert(equal(a, b), `${Deno.inspect(a)} and ${Deno.inspect(b)}`);
});

Deno.test("equal() tells different values apart, in both orders", () => {
  for (const [a, b] of different) {
    assertFalse(equal(a, b), `${Deno.inspect(a)} and ${Deno.inspect(b)}`);
    assertFalse(equal(b, a), `${Deno.inspect(b)} and ${Deno.inspect(a)}`);
  }
});

Deno.test("equal() ends on values that contain themselves", () => {
  const loop = (last: number) => {
    const value: { self?: unknown; last: number } = { last };
    value.self = value;
    return value;
  };
  assert(equal(loop(1), loop(1)));
  assertFalse(equal(loop(1), loop(2)));
});
