import { assertEquals, assertStringIncludes } from "@std/assert";
import { inTwoZoo } from "../../pipelines/_zoo.ts";
import { assertFails, rootstock, rootstockJson } from "../_command.ts";

Deno.test("zoo derive gives an entry a network, and traditional finetunes it", () =>
  inTwoZoo(async ({ folder, zoo, data }) => {
    const target = ["traditional", "--target", data, "--zoo", zoo];
    const tiny = "--epochs 1 --train-epochs 1 --batch 16 --train-batch 16 --build strict --quiet".split(" ");
    await assertFails([...target, "--out", `${folder}/early`, ...tiny], 1, ["trained network"]);
    await assertFails(["zoo", "derive", "--zoo", zoo], 2, ["NAME|DIR is missing"]);
    const derive = [
      "zoo",
      "derive",
      "digits",
      "--zoo",
      zoo,
      "--out",
      `${folder}/derive`,
      "--epochs",
      "1",
      "--batch",
      "16",
    ];
    await assertFails([...derive, "--quiet"], 1, ["few-digits"]);
    const { card } = await rootstockJson([...derive, "--data", `${folder}/few-digits`, "--build", "strict", "--quiet"]);
    assertEquals(card.network.epochs, 1);
    const resumed = await rootstockJson(["zoo", "derive", "--resume", "--out", `${folder}/derive`]);
    assertEquals(resumed.card, card);

    const out = `${folder}/run`;
    const result = await rootstockJson([...target, "--head-only", "--out", out, ...tiny]);
    assertEquals([result.command, result.source, result.headOnly], ["traditional", "digits", true]);
    assertStringIncludes(await Deno.readTextFile(`${out}/report.html`), "Traditional transfer to");
    const { out: text } = await rootstock(["traditional", "--resume", "--out", out, "--quiet"]);
    assertStringIncludes(text, "test accuracy");
    await assertFails(["traditional"], 2, ["--target", "missing"]);
  }));
