import { assertEquals } from "@std/assert";
import { completionForFish } from "../../src/cli/completion/fish.ts";
import { completionForZsh } from "../../src/cli/completion/zsh.ts";
import { COMMANDS } from "../../tests/cli/completion/_commands.ts";
import { runIn } from "../../tests/cli/completion/_shell.ts";

// Needs zsh and fish (Debian's packages of these names).

/** What the shell that is asked must offer. */
const OFFERS = {
  "rootstock ": ["data", "train"],
  "rootstock-fast data cache ": ["clear", "list"],
  "rootstock train --build s": ["single", "strict"],
  "rootstock train --": ["--build", "--help", "--json", "--order", "--out"],
};

Deno.test("fish completes words, flags and values", async () => {
  const lines = Object.keys(OFFERS);
  // Only what begins with the line counts: words, not what is said of them.
  const asked = lines.map((line) => `complete -C '${line}'; echo ----`).join("\n");
  const printed = await runIn("fish", `${completionForFish(COMMANDS)}\n${asked}\n`);
  const found = printed.split("----\n").slice(0, -1).map((part) =>
    part.trim().split("\n").map((row) => row.split("\t")[0]!).sort()
  );
  assertEquals(found, Object.values(OFFERS));
});

Deno.test("zsh completes words, flags and values", async () => {
  const asked = Object.keys(OFFERS).map((line) => {
    const words = line.split(" ");
    return `COMP_WORDS=(${words.map((word) => `"${word}"`).join(" ")}); COMP_CWORD=${words.length - 1}; asked`;
  });
  // As bashcompinit calls it.
  const script = `${completionForZsh(COMMANDS)}
echo $_comps[rootstock] $_comps[rootstock-fast]
asked() {
  emulate -L sh
  setopt kshglob noshglob braceexpand ksharrays
  _rootstock
  echo "\${COMPREPLY[*]}"
}
${asked.join("\n")}
`;
  const [registered, ...found] = (await runIn("zsh", script)).trim().split("\n");
  assertEquals(registered, "_bash_complete -o default -F _rootstock _bash_complete -o default -F _rootstock");
  assertEquals(found.map((row) => row.split(" ").sort()), Object.values(OFFERS));
});
