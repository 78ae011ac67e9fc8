import { parseFlags, UsageError } from "../../src/cli/flags.ts";
import type { Flags } from "../../src/cli/flag.ts";
import { assertEquals, assertThrows } from "@std/assert";

const FLAGS: Flags = {
  data: { kind: "text", value: "NAME", help: "dataset" },
  json: { kind: "switch", help: "one document" },
  "learning-rate": { kind: "number", from: 0, to: 10, help: "rate", default: 0.025 },
  epochs: { kind: "integer", from: 1, to: 100, help: "epochs" },
  order: { kind: "choice", of: [1, 2], help: "order" },
  memory: { kind: "bytes", help: "memory" },
  limit: { kind: "integer", from: 1, to: 9, or: "source", help: "limit" },
};

const LISTS: Flags = {
  target: { kind: "list", value: "T[,T2…]", help: "datasets" },
  seeds: { kind: "list", numbers: { from: 0, to: 2 ** 32 - 1 }, value: "N[,M…]", help: "seeds" },
};

Deno.test("parseFlags() reads lists, and refuses what is named twice, is empty or is no number", () => {
  const read = (target: string, seeds: string) => parseFlags(["--target", target, "--seeds", seeds], LISTS).values;
  assertEquals(read("a, b", "0,7"), { target: ["a", "b"], seeds: [0, 7] });
  assertThrows(() => read("a,a", "0"), UsageError, "--target names a twice");
  assertThrows(() => read("a,", "0"), UsageError, "expected names with single commas");
  for (const seeds of ["-1", "1.5", "x", "4294967296"]) {
    assertThrows(() => read("a", seeds), UsageError, "--seeds holds");
  }
});

Deno.test("parseFlags() returns what was given by camelCase names, and the operands", () => {
  const args = ["a.png", "--data=x", "--learning-rate", "1e-3", "--order", "2", "--memory", "1.5GiB", "--json", "7"];
  assertEquals(parseFlags(args, FLAGS, { name: "FILE…", least: 1, most: 9 }), {
    values: { data: "x", learningRate: 0.001, order: 2, memory: 1.5 * 2 ** 30, json: true },
    operands: ["a.png", "7"],
  });
});

Deno.test("parseFlags() takes a number or the word that may stand for it", () => {
  const read = (text: string) => parseFlags(["--limit", text], FLAGS).values.limit;
  assertEquals([read("7"), read("source")], [7, "source"]);
});

Deno.test("parseFlags() names the flag whose value is wrong", () => {
  for (
    const [args, message] of [
      [["--epochs", "0"], "--epochs"],
      [["--epochs", "1.5"], "--epochs"],
      [["--epochs", "-3"], "--epochs"],
      [["--epochs", ""], "--epochs"],
      [["--learning-rate", "fast"], "--learning-rate"],
      [["--learning-rate", "Infinity"], "--learning-rate"],
      [["--order", "3"], "one of 1, 2"],
      [["--memory", "2GB"], "--memory"],
      [["--limit", "10"], "a whole number from 1 to 9, or source"],
      [["--epochs", "undefined"], "--epochs"],
      [["--data", "--json"], "--data"],
      [["--no-json"], "--no-json"],
      [["-x"], "-x"],
    ] as const
  ) assertThrows(() => parseFlags(args, FLAGS), UsageError, message);
});

Deno.test("parseFlags() suggests the nearest flag, and names the way to all of them", () => {
  for (
    const [args, message] of [
      [["--epoch", "3"], "Unknown flag --epoch (did you mean --epochs?): --help all lists"],
      [["--learningrate=1"], "Unknown flag --learningrate (did you mean --learning-rate?)"],
      [["--xyz"], "Unknown flag --xyz: --help all lists"],
    ] as const
  ) assertThrows(() => parseFlags(args, FLAGS), UsageError, message);
});
