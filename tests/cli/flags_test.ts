import { assertEquals, assertThrows } from "@std/assert";
import { type Flags, parseFlags, UsageError } from "../../src/cli/flags.ts";

const FLAGS: Flags = {
  data: { kind: "text", value: "NAME", help: "dataset" },
  json: { kind: "switch", help: "one document" },
  "learning-rate": { kind: "number", from: 0, to: 10, help: "rate", default: 0.025 },
  epochs: { kind: "integer", from: 1, to: 100, help: "epochs" },
  order: { kind: "choice", of: [1, 2], help: "order" },
  memory: { kind: "bytes", help: "memory" },
  limit: { kind: "integer", from: 1, to: 9, or: "source", help: "limit" },
};

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
