import { assertStringIncludes } from "@std/assert";
import { describeCommand } from "../../src/cli/command.ts";
import { COMMANDS } from "../../src/cli/commands/mod.ts";

Deno.test("describeCommand() shows usage, operands and flags of every command", () => {
  for (const command of COMMANDS) {
    const text = describeCommand(command);
    assertStringIncludes(
      text,
      `rootstock ${command.name}${command.operands ? ` ${command.operands.name}` : ""} [options]`,
    );
    for (const name of Object.keys(command.flags)) assertStringIncludes(text, `--${name}`);
  }
});
