import { assertEquals } from "@std/assert";
import { COMMANDS as ALL } from "../../../src/cli/commands/mod.ts";
import { completionForBash } from "../../../src/cli/completion/bash.ts";
import { COMMANDS } from "./_commands.ts";
import { runIn } from "./_shell.ts";

/** What bash offers for each line, whose last word is under way; `=` is a word of its own there. */
async function offers(script: string, lines: readonly string[]): Promise<string[]> {
  const asked = lines.map((line) => {
    const words = line.replaceAll("=", " = ").split(" ");
    return `COMP_WORDS=(${words.map((word) => `"${word}"`).join(" ")}); COMP_CWORD=${words.length - 1}; _rootstock
echo "\${COMPREPLY[*]}"`;
  });
  return (await runIn("bash", `set -u\n${script}\n${asked.join("\n")}\n`)).split("\n").slice(0, -1);
}

Deno.test("bash completes words, flags and values", async () => {
  const cases = {
    "rootstock ": "train data",
    "rootstock da": "data",
    "rootstock data ": "list cache",
    "rootstock data cache ": "list clear",
    "rootstock data cache clear --": "--all --help",
    "rootstock data --": "",
    "rootstock train --o": "--order --out",
    "rootstock train --json --": "--build --order --out --json --help",
    "rootstock train --build ": "strict single",
    "rootstock train --build=si": "single",
    "rootstock train --build strict --order ": "1 2",
    // A folder, by bash's own means.
    "rootstock train --out ": "",
    "rootstock train folder ": "",
    "rootstock nonsense ": "",
  };
  assertEquals(await offers(completionForBash(COMMANDS), Object.keys(cases)), Object.values(cases));
});

Deno.test("bash knows every command of the program", async () => {
  const lines = ALL.map(({ name }) => `rootstock ${name} --`);
  const found = await offers(completionForBash(ALL), lines);
  assertEquals(
    found,
    ALL.map(({ flags }) => [...Object.keys(flags), "help"].map((flag) => `--${flag}`).join(" ")),
  );
});

Deno.test("bash calls it for both programs", async () => {
  const script = `${completionForBash(COMMANDS)}\ncomplete -p rootstock rootstock-fast\n`;
  assertEquals(
    await runIn("bash", script),
    "complete -o default -F _rootstock rootstock\ncomplete -o default -F _rootstock rootstock-fast\n",
  );
});
