import { assertEquals, assertStringIncludes } from "@std/assert";
import { inTrained } from "../../pipelines/_folder.ts";
import { assertFails, rootstockJson } from "../_command.ts";

Deno.test("report renders the page of a finished run", () =>
  inTrained(async ({ data, trained }) => {
    assertEquals(await rootstockJson(["report", trained]), { report: `${trained}/report.html` });
    assertStringIncludes(await Deno.readTextFile(`${trained}/report.html`), "<!doctype html>");
    await assertFails(["report", data], 1, [data, "config.json"]);
    await Deno.writeTextFile(`${trained}/result.json`, `{"command":"train"}`);
    await assertFails(["report", trained], 1, [trained, "result.json holds something else"]);
    await Deno.remove(`${trained}/result.json`);
    await assertFails(["report", trained], 1, [trained, "--resume"]);
  }));
