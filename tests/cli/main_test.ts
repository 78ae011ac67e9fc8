import { assertEquals, assertMatch, assertStringIncludes } from "@std/assert";
import { assertFails, rootstock } from "./_command.ts";

Deno.test("main() refuses a command that does not exist or is not whole with exit code 2", async () => {
  await assertFails([], 2, ["--help"]);
  await assertFails(["serach"], 2, ['"serach"', "--help"]);
  await assertFails(["evaluate"], 2, ['"evaluate"', "--help"]);
  await assertFails(["zoo"], 2, ["list or show"]);
  await assertFails(["data", "drop"], 2, ["list or fetch or inspect"]);
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
  assertStringIncludes((await rootstock(["transfer", "--help", "all"])).out, "--prior-strength");
});

Deno.test("main() helps with a family of commands, and tells its version", async () => {
  const zoo = await rootstock(["zoo", "--help"]);
  assertEquals([zoo.code, zoo.error], [0, ""]);
  for (const word of ["zoo list", "zoo verify", "Lists the pretrained supernets."]) assertStringIncludes(zoo.out, word);
  assertStringIncludes((await rootstock(["help", "zoo", "show"])).out, "rootstock zoo show NAME|DIR [options]");
  const { code, out, error } = await rootstock(["transfer", "--version"]);
  assertEquals([code, error], [0, ""]);
  assertMatch(out, /^Rootstock \d+\.\d+\.\d+, [^\n]*Deno [\d.]+[^\n]*\n$/);
});

Deno.test("main() suggests the nearest command, flag, choice, setting, dataset and entry", async () => {
  const file = await Deno.makeTempFile({ suffix: ".yaml" });
  await Deno.writeTextFile(file, "epoch: 3\n");
  for (
    const [line, code, meant] of [
      ["tranfer", 2, "transfer"],
      ["zoo sohw", 2, "zoo show"],
      ["transfer --traget x", 2, "--target"],
      ["transfer --build relaxd", 2, "relaxed"],
      [`search --config ${file}`, 2, "epochs"],
      ["data inspect uci-digit", 1, "uci-digits"],
      ["zoo show braod", 1, "broad"],
      ["predict --from x --tpo 3", 2, "--top"],
    ] as const
  ) await assertFails(line.split(" "), code, [`(did you mean ${meant}?)`]);
  await Deno.remove(file);
});
