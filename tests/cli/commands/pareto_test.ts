import { assertEquals, assertStringIncludes } from "@std/assert";
import { inDigits } from "../../pipelines/_folder.ts";
import { runSearch } from "../../pipelines/_runs.ts";
import { assertFails, rootstock, rootstockJson } from "../_command.ts";

Deno.test("pareto gives one document of points, takes dataset and seed from the run, and can be reported and resumed", () =>
  inDigits(async (folder, data) => {
    const [from, out] = [`${folder}/found`, `${folder}/row`];
    const { parameters } = await runSearch(from, { data, seed: 3, images: { splitSeed: 5 } });
    const budgets = [parameters - 1, parameters];
    const flags = [
      "--max-parameters",
      budgets.join(),
      "--train",
      "2",
      "--train-epochs",
      "1",
      "--build",
      "strict",
      "--quiet",
    ];
    const document = await rootstockJson(["pareto", "--from", from, "--out", out, ...flags]);
    assertEquals([document.command, document.target, document.seed], ["pareto", data, 3]);
    assertEquals(
      document.points.map(({ budget }: { budget: { parameters: number } }) => budget.parameters),
      budgets,
    );
    const [, trained] = document.points;
    for (const name of ["parameters", "macs", "milliseconds", "validAccuracy", "testAccuracy", "genotype"]) {
      assertEquals(trained[name] === undefined, false, name);
    }
    const { configuration } = JSON.parse(await Deno.readTextFile(`${out}/config.json`));
    assertEquals([configuration.seed, configuration.transfer.images.splitSeed], [3, 5]);
    assertStringIncludes(await Deno.readTextFile(`${out}/report.html`), "The knee is at");
    assertEquals(await rootstockJson(["report", out]), { report: `${out}/report.html` });
    const again = await rootstock(["pareto", "--resume", "--out", out]);
    assertEquals(again.code, 0, again.error);
    assertStringIncludes(again.out, "Next: deno task");
    const exported = await rootstockJson(["export", "--from", `${out}/networks/2`, "--format", "dot"]);
    assertStringIncludes(JSON.stringify(exported), "networks/2");
  }));

Deno.test("pareto refuses flags that contradict the run, and words what is missing", () =>
  inDigits(async (folder, data) => {
    const out = ["--out", `${folder}/row`];
    await assertFails(["pareto", ...out], 2, ["--target", "--from"]);
    await assertFails(["pareto", "--from", data, "--target", data, ...out], 2, ["--from and --target"]);
    for (const flag of ["--epochs", "--seed", "--image", "--split-seed"]) {
      await assertFails(["pareto", "--from", data, flag, "9", ...out], 2, [`${flag} goes with --target`]);
    }
    await assertFails(["pareto", "--from", data, "--preset", "best", ...out], 2, ["--preset goes with --target"]);
    await assertFails(["pareto", "--from", data, ...out], 1, ["config.json"]);
    await assertFails(["pareto", "--target", data, "--max-parameters", "2x", ...out], 2, ["20k or 1.5M"]);
  }));
