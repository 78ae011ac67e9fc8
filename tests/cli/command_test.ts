import { assert, assertEquals } from "@std/assert";
import type { Command } from "../../src/cli/command.ts";
import { COMMANDS } from "../../src/cli/commands/mod.ts";
import { findCommand } from "../../src/cli/find_command.ts";
import { parseFlags } from "../../src/cli/flags.ts";

Deno.test("every command's basic flags exist, and are a dozen at most", () => {
  for (const { name, flags, basic = Object.keys(flags) } of COMMANDS) {
    for (const flag of basic) assert(flag in flags, `${name} has no --${flag}`);
    assert(basic.length <= 12, `${name} shows ${basic.length} flags`);
    assertEquals(new Set(basic).size, basic.length, name);
  }
});

Deno.test("every example of a command is a command line of its own that parses", () => {
  for (const command of COMMANDS) {
    assert(command.examples.length >= 1 && command.examples.length <= 3, command.name);
    for (const example of command.examples) assertEquals(parse(example, command).name, command.name, example);
  }
});

/** Words of a command by the task that is called otherwise: `rootstock` takes all commands, others may use the network. */
const WORDS: Readonly<Record<string, readonly string[]>> = {
  rootstock: [],
  fetch: ["data", "fetch"],
  "sweep:net": ["sweep"],
  "worker:net": ["worker"],
  board: ["sweep", "board"],
};

/** The command of `deno task TASK …`: most tasks are called as their command. */
function parse(example: string, { flags, operands }: Command): Command {
  const [deno, task, name, ...words] = example.split(" ") as [string, string, string];
  assertEquals([deno, task], ["deno", "task"]);
  const { command, rest } = findCommand([...WORDS[name] ?? [name], ...words], COMMANDS);
  parseFlags(rest, flags, operands);
  return command;
}
