import { assertEquals, assertMatch, assertStringIncludes } from "@std/assert";
import { inTrained } from "../../pipelines/_folder.ts";
import { assertFails, rootstockJson } from "../_command.ts";

Deno.test("report renders the page of a finished run, and several on one", () =>
  inTrained(async ({ folder, data, trained }) => {
    assertEquals(await rootstockJson(["report", trained]), { report: `${trained}/report.html` });
    assertStringIncludes(await Deno.readTextFile(`${trained}/report.html`), "<!doctype html>");
    assertMatch(await Deno.readTextFile(`${trained}/report.html`), /deno task (rootstock|fast) train --data/);

    await copyRun(trained, `${folder}/other`);
    const page = `${folder}/both.html`;
    const { report, runs } = await rootstockJson(["report", trained, `${folder}/other`, "--out", page]);
    assertEquals([report, runs.map(({ name }: { name: string }) => name)], [page, ["trained", "other"]]);
    assertStringIncludes(await Deno.readTextFile(page), "trained and other are level");
    await assertFails(["report", trained, trained], 2, [trained, "given twice"]);
    await assertFails(["report", trained, "--out", page], 2, ["--out is for several runs"]);

    const to = ["report", trained, `${folder}/other`, "--to"];
    const board = await rootstockJson([...to, "tensorboard", `${folder}/board`]);
    assertEquals([board.to, board.files.length], ["tensorboard", 2]);
    assertEquals((await rootstockJson([...to, "optuna", `${folder}/study`])).files, [`${folder}/study`]);
    await assertFails([...to, "optuna", trained], 1, [trained, "it is a run"]);
    await assertFails(["report", data], 1, [data, "config.json"]);
    await Deno.writeTextFile(`${trained}/result.json`, `{"command":"train"}`);
    await assertFails(["report", trained], 1, [trained, "result.json holds something else"]);
    await Deno.remove(`${trained}/result.json`);
    await assertFails(["report", trained], 1, [trained, "--resume"]);
  }));

async function copyRun(from: string, to: string): Promise<void> {
  await Deno.mkdir(to);
  for (const name of ["config.json", "events.jsonl", "result.json"]) {
    await Deno.copyFile(`${from}/${name}`, `${to}/${name}`);
  }
}
