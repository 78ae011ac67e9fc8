import { assertEquals } from "@std/assert";
import { commandLineOf } from "../../src/cli/command_line.ts";
import { transferCommand } from "../../src/cli/commands/transfer.ts";
import { parseFlags } from "../../src/cli/flags.ts";
import { nestValues } from "../../src/cli/setting_paths.ts";

const CONFIGURATION = {
  target: "pictures of Ann's/cats",
  source: { name: "auto", prior: "weights" },
  search: { epochs: 3, learningRate: 0.1 },
  budget: { timeLimit: 90 },
  seed: 7,
  build: "strict",
};

Deno.test("commandLineOf() gives the settings back, quoted, without what is so anyway", () => {
  const line = commandLineOf(transferCommand, { configuration: CONFIGURATION, mode: "default" })!;
  const [, quoted, rest] = /^deno task rootstock transfer --target ('.*?cats') (.*)$/.exec(line)!;
  assertEquals(quoted, `'pictures of Ann'\\''s/cats'`);
  const given = parseFlags(["--target", CONFIGURATION.target, ...rest!.split(" ")], transferCommand.flags);
  const { source: { name: _, ...source }, ...others } = CONFIGURATION;
  assertEquals(nestValues(transferCommand, given), { ...others, source });
});

Deno.test("commandLineOf() says all beside a preset, and nothing where a setting has no flag", () => {
  const configuration = { target: "a", preset: "quick", seed: 0 };
  const line = "deno task fast transfer --target a --preset quick --seed 0";
  assertEquals(commandLineOf(transferCommand, { configuration, mode: "fast" }), line);
  assertEquals(commandLineOf(transferCommand, { configuration: { ...configuration, other: 1 } }), undefined);
});
