import { assertEquals, assertMatch } from "@std/assert";
import { inFolder } from "../../run/_folder.ts";
import { RunDirectory } from "../../../src/run/mod.ts";
import { assertFails, rootstock, rootstockJson } from "../_command.ts";

Deno.test("runs list shows what there is, and goes on past what is broken", () =>
  inFolder(async (folder) => {
    const configuration = { target: "uci-digits" };
    await (await RunDirectory.open(`${folder}/a`, { command: "transfer", configuration, resume: false })).close();
    await Deno.mkdir(`${folder}/b`);
    await Deno.writeTextFile(`${folder}/b/config.json`, "{");
    const { runs, problems } = await rootstockJson(["runs", "list", folder]);
    assertEquals(runs.map(({ path, data, state }: Record<string, unknown>) => [path, data, state]), [
      [`${folder}/a`, "uci-digits", "begun"],
    ]);
    assertMatch(problems.join(), /b\/config\.json: it is not JSON/);
    const { out, error, code } = await rootstock(["runs", "list", folder]);
    assertMatch(out, /run +command +data +state.*\n.*\/a +transfer +uci-digits +begun/);
    assertMatch(error, /^Cannot read .*b\/config\.json[^\n]*\n$/);
    assertEquals(code, 0);
    await assertFails(["runs", "list", `${folder}/none`], 1, ["found no such folder"]);
  }));
