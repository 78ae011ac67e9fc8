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
