import { assertEquals, assertStringIncludes } from "@std/assert";
import { inDigits } from "../../pipelines/_folder.ts";
import { inTwoZoo } from "../../pipelines/_zoo.ts";
import { assertFails, rootstock, rootstockJson } from "../_command.ts";

const TINY = "--epochs 2 --train-epochs 1 --batch 16 --train-batch 16 --patience 0 --build strict".split(" ");

Deno.test("compare gives one JSON document, a table and a report", () =>
  inTwoZoo(async ({ folder, zoo, data }) => {
    const out = `${folder}/run`;
    const arms = ["--arms", "scratch,selected,multi", "--seeds", "1"];
    const args = ["compare", "--target", data, "--zoo", zoo, "--out", out, ...arms, ...TINY];
    const { code, out: table, error } = await rootstock(args);
    assertEquals(code, 0, error);
    for (const word of ["Test accuracy over 1 target", "selected", "Target by target", `${out}/report.html`]) {
      assertStringIncludes(table, word);
    }
    for (const word of ["multi is left out", "run 2/2", "left in all"]) assertStringIncludes(error, word);
    assertStringIncludes(await Deno.readTextFile(`${out}/report.html`), "Comparison on");

    const document = await rootstockJson(["compare", "--resume", "--out", out]);
    assertEquals(document.targets.map(({ name }: { name: string }) => name), [data]);
    const [scratch, selected] = document.targets[0].arms;
    assertEquals([scratch.arm, selected.arm, selected.source, selected.seeds[0].seed], [
      "scratch",
      "selected",
      "digits",
      1,
    ]);
    for (const property of ["curve", "epochsToReach", "secondsToReach", "testAccuracy", "parameters", "macs"]) {
      assertEquals(property in selected.seeds[0], true, property);
    }
    assertEquals(document.summary.pairs.length, 1);
    assertEquals((await rootstockJson(["report", out])).report, `${out}/report.html`);
    await assertFails([...args, "--resume", "--epochs", "3"], 1, ["--epochs is 3, expected 2"]);
  }));

Deno.test("compare refuses a wrong command line", async () => {
  await assertFails(["compare"], 2, ["--target", "missing"]);
  await assertFails(["compare", "--target", "uci-digits,"], 2, ["--target", "single commas"]);
  await assertFails(["compare", "--target", "a,a"], 2, ["--target names a twice"]);
  await assertFails(["compare", "--target", "uci-digits", "--seed", "1"], 2, ["--seed"]);
  await assertFails(["compare", "--target", "uci-digits", "--seeds", "0,x"], 2, ['--seeds holds "x"']);
  await assertFails(["compare", "--target", "uci-digits", "--arms"], 2, ["--arms"]);
  await assertFails(["compare", "--target", "uci-digits", "--lease", "5s"], 2, ["--lease needs --workers"]);
  await inDigits(async (folder, data) => {
    const args = ["compare", "--target", data, "--out", `${folder}/run`, "--workers", "2"];
    await assertFails(args, 1, ["this process may start no others", "deno task compare"]);
  });
});
