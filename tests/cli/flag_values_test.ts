import { checkValue, readValue, ValueError } from "../../src/cli/flag_values.ts";
import type { Flag } from "../../src/cli/flag.ts";
import { assertEquals, assertThrows } from "@std/assert";

const flags = {
  text: { kind: "text", value: "NAME", help: "" },
  many: { kind: "text", value: "A[,B…]", help: "" },
  list: { kind: "list", value: "A[,B…]", help: "" },
  seeds: { kind: "list", numbers: { from: 0, to: 99 }, help: "" },
  amounts: { kind: "list", numbers: { from: 0.1, to: 1e9, areAmounts: true }, help: "" },
  toggle: { kind: "switch", help: "" },
  size: { kind: "bytes", help: "" },
  build: { kind: "choice", of: ["strict", "relaxed"], help: "" },
  order: { kind: "choice", of: [1, 2], help: "" },
  epochs: { kind: "integer", from: 1, to: 100, help: "" },
  rate: { kind: "number", from: 0, to: 10, help: "" },
  limit: { kind: "integer", from: 1, to: 9, or: "source", help: "" },
  time: { kind: "duration", from: 1, to: 86_400, help: "" },
} as const satisfies Record<string, Flag>;

Deno.test("readValue() reads times in seconds, minutes and hours", () => {
  const read = (given: string) => readValue(flags.time, given);
  assertEquals(["90", "90s", "10m", "10min", "2h", "1h30m", "1.5h", "1m30s"].map(read), [
    90,
    90,
    600,
    600,
    7200,
    5400,
    5400,
    90,
  ]);
  for (const given of ["10x", "m", "-5s", "1e3", "10 m", "0s", "25h", "s10"]) {
    assertThrows(() => read(given), ValueError, `is "${given}": expected a time such as 90s, 10m or 2h`);
  }
});

Deno.test("readValue() reads amounts in thousands and millions", () => {
  const read = (given: string) => readValue(flags.amounts, given);
  assertEquals(read("0.5,20k, 1.5M,2.3k,700"), [0.5, 20_000, 1_500_000, 2300, 700]);
  assertEquals(checkValue(flags.amounts, [20_000, 0.5]), [20_000, 0.5]);
  for (const given of ["20K", "k", "1e3", "-1", "0.01", "2000M", "1,x"]) {
    assertThrows(() => read(given), ValueError, "expected numbers from 0.1 to 1000000000, such as 0.5, 20k or 1.5M");
  }
});

Deno.test("readValue() suggests the nearest choice", () => {
  assertThrows(
    () => readValue(flags.build, "relaxd"),
    ValueError,
    'is "relaxd": expected one of strict, relaxed (did you mean relaxed?)',
  );
  assertThrows(() => readValue(flags.order, "3"), ValueError, 'is "3": expected one of 1, 2');
});

Deno.test("checkValue() takes the types of a file: numbers, true and false, texts, lists of names", () => {
  for (
    const [flag, given, value] of [
      ["text", "x", "x"],
      ["text", 7, "7"],
      ["many", ["a", "b"], "a,b"],
      ["many", [0, 1], "0,1"],
      ["list", ["a", 1], ["a", "1"]],
      ["list", "a", ["a"]],
      ["seeds", [0, 7], [0, 7]],
      ["seeds", 7, [7]],
      ["toggle", true, true],
      ["toggle", false, false],
      ["size", "2GiB", 2 ** 31],
      ["size", 1024, 1024],
      ["build", "strict", "strict"],
      ["order", 2, 2],
      ["epochs", 3, 3],
      ["rate", 0.5, 0.5],
      ["limit", "source", "source"],
      ["time", "10m", 600],
      ["time", 600, 600],
    ] as const
  ) assertEquals(checkValue(flags[flag], given), value, `${flag} ${given}`);
});

Deno.test("checkValue() refuses other types and what is out of bounds, as the command line does", () => {
  for (
    const [flag, given, message] of [
      ["epochs", 0, "is 0: expected a whole number from 1 to 100"],
      ["epochs", 1.5, "is 1.5: expected a whole number"],
      ["epochs", "3", 'is "3": expected a whole number'],
      ["epochs", null, "is null: expected a whole number"],
      ["epochs", NaN, "is NaN: expected a whole number"],
      ["rate", true, "is true: expected a number from 0 to 10"],
      ["limit", "sauce", 'is "sauce": expected a whole number from 1 to 9, or source'],
      ["toggle", "yes", 'is "yes": expected true or false'],
      ["order", "2", 'is "2": expected one of 1, 2'],
      ["text", ["a"], "is a list: expected NAME"],
      ["many", [], "is a list: expected A[,B…]"],
      ["list", [], "is a list: expected names"],
      ["list", ["a", "a"], "names a twice: expected each once"],
      ["seeds", ["x"], 'holds "x": expected whole numbers from 0 to 99'],
      ["seeds", [1.5], 'holds "1.5": expected whole numbers'],
      ["many", [["a"]], "is a list"],
      ["text", {}, "is a group of settings: expected NAME"],
      ["text", "", 'is "": expected NAME'],
      ["size", true, "is true: expected a size"],
      ["time", [1], "is a list: expected a time"],
    ] as const
  ) assertThrows(() => checkValue(flags[flag], given), ValueError, message);
});

Deno.test("a message shows no more than the beginning of a long value", () => {
  const error = assertThrows(() => checkValue(flags.epochs, "x".repeat(1e6)), ValueError);
  assertEquals(error.message.length < 200, true);
});
