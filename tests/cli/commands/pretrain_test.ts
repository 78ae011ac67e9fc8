import { assertEquals } from "@std/assert";
import { inDigits } from "../../pipelines/_folder.ts";
import { assertFails, rootstockJson, TINY_FLAGS } from "../_command.ts";

Deno.test("pretrain adds an entry to a zoo", () =>
  inDigits(async (folder, data) => {
    const args = ["pretrain", "--data", data, "--zoo", `${folder}/zoo`, "--out", `${folder}/run`, ...TINY_FLAGS];
    await assertFails([...args, "--name", "Not/Allowed"], 1, ["Not/Allowed"]);
    await assertFails(args, 2, ["--name", "missing"]);
    const { card } = await rootstockJson([...args, "--name", "few"]);
    assertEquals([card.name, card.space.cells], ["few", 3]);
  }));

Deno.test("pretrain takes several datasets, and says what is wrong with them in one line", () =>
  inDigits(async (folder, data) => {
    const of = (datasets: string, ...more: string[]) => [
      ...["pretrain", "--data", datasets, "--zoo", `${folder}/zoo`, "--out", `${folder}/run`, "--name", "both"],
      ...TINY_FLAGS,
      ...more,
    ];
    await assertFails(of(`${data},${data}`), 2, ["--data", "twice"]);
    await assertFails(of(`${data},${data}/.`), 1, ["few-digits again"]);
    await assertFails(of(`${data},no-such-data`), 1, ["no-such-data", "found no such folder"]);
    await assertFails(of(`${data},`), 1, ["its name is empty"]);
    await assertFails(of(`${data},uci-digits`, "--sampling", "fair"), 2, ["--sampling", "balanced, proportional"]);
    await assertFails(of(`${data},uci-digits`, "--images-per-epoch", "0"), 2, ["--images-per-epoch"]);
    const few = ["--images-per-epoch", "32", "--validation-images", "8"];
    const { card, curve } = await rootstockJson(of(`${data},uci-digits`, ...few));
    assertEquals(card.sources.map(({ name }: { name: string }) => name), ["few-digits", "uci-digits"]);
    assertEquals(curve.at(-1).datasets.length, 2);
    const { entries } = await rootstockJson(["zoo", "list", "--zoo", `${folder}/zoo`]);
    assertEquals(entries[0].sources, ["few-digits", "uci-digits"]);
    assertEquals((await rootstockJson(["zoo", "show", "both", "--zoo", `${folder}/zoo`])).space.classes, 20);
    await assertFails(["train", "--from", `${folder}/run`, "--out", `${folder}/t`], 1, ["several datasets", "--data"]);
  }));
