import { assertEquals, assertMatch } from "@std/assert";
import { assertFails, rootstock } from "../_command.ts";

Deno.test("completion prints a script that knows the program's commands, itself among them", async () => {
  const { code, out, error } = await rootstock(["completion", "bash"]);
  assertEquals([code, error], [0, ""]);
  assertMatch(out, /^ +"completion"\) next="bash zsh fish" ;;$/m);
});

Deno.test("completion refuses an unknown shell", async () => {
  await assertFails(["completion", "tcsh"], 2, ["completion tcsh", "expected bash or zsh or fish"]);
});
