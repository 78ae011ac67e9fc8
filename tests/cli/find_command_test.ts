import { assertEquals, assertThrows } from "@std/assert";
import { COMMANDS } from "../../src/cli/commands/mod.ts";
import { findCommand, findFamily } from "../../src/cli/find_command.ts";
import { UsageError } from "../../src/cli/flags.ts";

Deno.test("findCommand() finds commands of one word and of two", () => {
  for (
    const [line, name, rest] of [
      ["transfer --target x", "transfer", ["--target", "x"]],
      ["zoo show broad", "zoo show", ["broad"]],
      ["eval", "eval", []],
    ] as const
  ) {
    const found = findCommand(line.split(" "), COMMANDS);
    assertEquals([found.command.name, found.rest], [name, [...rest]]);
  }
});

Deno.test("findCommand() suggests the nearest command", () => {
  for (
    const [line, message] of [
      ["serach", 'Unknown command "serach" (did you mean search?): --help lists those that there are'],
      ["bake", 'Unknown command "bake": --help lists those that there are'],
      ["zo list", 'Unknown command "zo" (did you mean zoo?)'],
      ["zoolist", 'Unknown command "zoolist" (did you mean zoo list?)'],
      [
        "data lst",
        'Unknown command "data lst" (did you mean data list?): expected list or fetch or inspect or import or cache list',
      ],
      ["data", "data needs a word after it: expected list or fetch or inspect"],
      ["data --json", "data needs a word after it"],
      ["data cache", "data cache needs a word after it: expected list or clear"],
      [
        "data cache clera x",
        'Unknown command "data cache clera" (did you mean data cache clear?): expected list or clear',
      ],
    ] as const
  ) assertThrows(() => findCommand(line.split(" "), COMMANDS), UsageError, message);
});

Deno.test("findFamily() finds the commands that begin with a word", () => {
  assertEquals(findFamily("data", COMMANDS).map(({ name }) => name), [
    "data list",
    "data fetch",
    "data inspect",
    "data import",
    "data cache list",
    "data cache clear",
  ]);
  assertEquals(findFamily("data cache", COMMANDS).map(({ name }) => name), ["data cache list", "data cache clear"]);
  assertEquals(findFamily("transfer", COMMANDS), []);
});
