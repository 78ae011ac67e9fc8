import { assertMatch, assertStringIncludes } from "@std/assert";
import { completionForBash } from "../../../src/cli/completion/bash.ts";
import { completionForZsh } from "../../../src/cli/completion/zsh.ts";
import { COMMANDS } from "./_commands.ts";

Deno.test("zsh runs the completion of bash by its own bashcompinit", () => {
  const script = completionForZsh(COMMANDS);
  assertMatch(script, /^# Completion of rootstock for zsh: [^\n]+\n[^\n]*compinit\n[^\n]*bashcompinit\n_rootstock\(\)/);
  assertStringIncludes(script, completionForBash(COMMANDS).split("\n").slice(1).join("\n"));
});
