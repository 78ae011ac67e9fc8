import { assertEquals, assertStringIncludes } from "@std/assert";
import { inDigits } from "../../pipelines/_folder.ts";
import { runSearch } from "../../pipelines/_runs.ts";
import { rootstockJson } from "../_command.ts";

Deno.test("demo sets a transfer beside the same budget from scratch", () =>
  inDigits(async (folder, data) => {
    await runSearch(`${folder}/source`, { data });
    const flags = "--epochs 2 --train-epochs 1 --batch 16 --train-batch 16 --build strict --quiet".split(" ");
    const args = ["demo", "--target", data, "--source", `${folder}/source`, "--out", `${folder}/run`, ...flags];
    const { arms } = await rootstockJson(args);
    assertEquals(arms.map(({ arm }: { arm: string }) => arm), ["transfer", "scratch"]);
    assertEquals((await rootstockJson(args)).arms, arms);
    assertStringIncludes(await Deno.readTextFile(`${folder}/run/report.html`), "scratch");
  }));
