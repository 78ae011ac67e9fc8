import { assertEquals, assertStringIncludes, assertThrows } from "@std/assert";
import { readCompareOptions } from "../../../src/cli/commands/compare.ts";
import { UsageError } from "../../../src/cli/flags.ts";
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
    await assertFails([...args, "--resume", "--epochs", "3"], 1, ["--epochs"]);
  }));

Deno.test("compare refuses a wrong command line", async () => {
  await assertFails(["compare"], 2, ["--target", "missing"]);
  await assertFails(["compare", "--target", "uci-digits,"], 2, ["--target", "single commas"]);
  await assertFails(["compare", "--target", "uci-digits", "--seed", "1"], 2, ["--seed"]);
  await assertFails(["compare", "--target", "uci-digits", "--arms"], 2, ["--arms"]);
});

Deno.test("readCompareOptions() reads lists, and refuses what is named twice or is no seed", () => {
  const given = { target: "a, b", seeds: "0,7", sources: "auto", epochs: 3 };
  const { targets, seeds, sources, arms, epochs } = readCompareOptions(given);
  assertEquals([targets, seeds, sources, arms, epochs], [["a", "b"], [0, 7], ["auto"], undefined, 3]);
  assertThrows(() => readCompareOptions({ ...given, target: "a,a" }), UsageError, "--target names a twice");
  for (const seeds of ["-1", "1.5", "x", "4294967296"]) {
    assertThrows(() => readCompareOptions({ ...given, seeds }), UsageError, "--seeds holds");
  }
});
