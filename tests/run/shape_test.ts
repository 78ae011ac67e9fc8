import { assertEquals, assertThrows } from "@std/assert";
import {
  AMOUNT,
  ANYTHING,
  checkedBy,
  checkShape,
  hasShape,
  listOf,
  NUMBER,
  oneOf,
  optional,
  record,
  RunError,
  type Shape,
  SHARE,
  TEXT,
  whole,
  YES_OR_NO,
} from "../../src/run/mod.ts";

Deno.test("every shape takes what it is of, and nothing else", () => {
  const cases: [Shape, unknown[], unknown[]][] = [
    [TEXT, ["", "a"], [1, null, undefined, ["a"]]],
    [YES_OR_NO, [true, false], [0, "true", null]],
    [NUMBER, [0, -1.5, 1e308], [NaN, Infinity, "1", null]],
    [AMOUNT, [0, 1.5], [-1e-9, NaN, "1"]],
    [SHARE, [0, 1, 0.5], [1.0001, -0.1, null]],
    [whole(0), [0, 2 ** 53 - 1], [0.5, -1, 2 ** 53, 1e308, "0"]],
    [whole(1, 10), [1, 10], [0, 11]],
    [optional(TEXT), ["a", undefined], [null, 1]],
    [oneOf("a", "b"), ["a", "b"], ["c", 1, undefined]],
    [listOf(whole(0)), [[], [1, 2]], [{}, "ab", [1, "2"], null]],
    [listOf(ANYTHING, 1), [[null]], [[]]],
    [record({ a: TEXT }), [{ a: "x" }, { a: "x", b: 1 }], [{}, { a: 1 }, null, [], "a"]],
    [checkedBy((value) => JSON.parse(String(value))), ["{}", 3], ["{"]],
    [ANYTHING, [undefined, null, {}], []],
  ];
  for (const [shape, right, wrong] of cases) {
    for (const value of right) assertEquals(hasShape(value, shape), true, JSON.stringify(value));
    for (const value of wrong) assertEquals(hasShape(value, shape), false, JSON.stringify(value));
  }
  // What every object inherits is nothing that a file holds.
  assertEquals(hasShape({}, record({ toString: ANYTHING, constructor: optional(TEXT) })), true);
});

Deno.test("checkShape() names file, place, what was found and what was expected", () => {
  const shape = record({ curve: listOf(record({ loss: AMOUNT })), stage: TEXT });
  const refuse = (value: unknown, words: string) =>
    assertThrows(() => checkShape(value, shape, "a/result.json"), RunError, `Cannot read a/result.json: ${words}`);
  refuse(3, "it is 3, expected an object");
  refuse({ curve: 1, stage: "a" }, "curve is 1, expected a list");
  refuse({ curve: [{ loss: 0 }, { loss: -1 }], stage: "a" }, "curve[1].loss is -1, expected a number from 0");
  refuse({ curve: [], stage: "a\nb".split("") }, 'stage is ["a","\\n","b"], expected a text');
  refuse({ curve: [] }, "stage is missing, expected a text");
  refuse({ curve: [], stage: Array(99).fill(1) }, `stage is [${"1,".repeat(29)}…, expected a text`);
  checkShape({ curve: [], stage: "a" }, shape, "a");
});
