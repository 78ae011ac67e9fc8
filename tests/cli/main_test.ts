import { assertEquals, assertStringIncludes } from "@std/assert";
import { assertFails, rootstock } from "./_command.ts";

Deno.test("main() refuses a command that does not exist or is not whole with exit code 2", async () => {
  await assertFails([], 2, ["--help"]);
  await assertFails(["serach"], 2, ['"serach"', "--help"]);
  await assertFails(["evaluate"], 2, ['"evaluate"', "--help"]);
  await assertFails(["zoo"], 2, ["list or show"]);
  await assertFails(["data", "drop"], 2, ["list or inspect"]);
  await assertFails(["data", "list", "more"], 2, ["Unexpected argument", '"more"']);
});

Deno.test("main() shows a stack trace only when asked to", async () => {
  const { code, error } = await rootstock(["data", "inspect", "no-such-data", "--verbose"]);
  assertEquals(code, 1);
  assertStringIncludes(error, "    at ");
  await assertFails(["data", "inspect", "no-such-data"], 1, ["no-such-data"]);
});

Deno.test("main() describes itself and every command", async () => {
  const { code, out } = await rootstock(["--help"]);
  assertEquals(code, 0);
  for (
    const command of ["demo", "pretrain", "search", "transfer", "train", "eval", "predict", "data list", "zoo show"]
  ) {
    assertStringIncludes(out, command);
  }
  assertStringIncludes((await rootstock(["transfer", "--help"])).out, "--prior-strength");
});
