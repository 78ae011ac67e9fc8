import { assertEquals } from "@std/assert";
import { nextWords } from "../../../src/cli/completion/words.ts";
import { COMMANDS } from "./_commands.ts";

Deno.test("nextWords() tells each word once, with the command that it ends", () => {
  assertEquals(Object.fromEntries(nextWords(COMMANDS)), {
    "": [{ word: "train", summary: "Trains what's there." }, { word: "data", summary: undefined }],
    "data": [{ word: "list", summary: "Lists datasets." }, { word: "cache", summary: undefined }],
    "data cache": [{ word: "list", summary: "Lists what is kept." }, { word: "clear", summary: "Clears it." }],
  });
});
