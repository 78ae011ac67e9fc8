import { assert, assertEquals } from "@std/assert";
import { completionForFish } from "../../../src/cli/completion/fish.ts";
import { COMMANDS } from "./_commands.ts";

Deno.test("fish is told of words, flags and values, and what each does", () => {
  const lines = completionForFish(COMMANDS).split("\n");
  for (
    const line of [
      "complete -c rootstock -n '__rootstock_at' -f -a 'train' -d 'Trains what\\'s there.'",
      "complete -c rootstock -n '__rootstock_at' -f -a 'data'",
      "complete -c rootstock -n '__rootstock_at data cache' -f -a 'clear' -d 'Clears it.'",
      "complete -c rootstock -n '__rootstock_in train' -l build -x -a 'strict single' -d 'build of the kernels'",
      "complete -c rootstock -n '__rootstock_in train' -l out -r -d 'folder of the run'",
      "complete -c rootstock -n '__rootstock_in train' -l json -d 'one JSON document'",
      "complete -c rootstock-fast -w rootstock",
    ]
  ) assert(lines.includes(line), line);
  // Six words, five flags, and one for help a command.
  assertEquals(lines.filter((line) => line.startsWith("complete -c rootstock ")).length, 6 + 5 + 4);
});
