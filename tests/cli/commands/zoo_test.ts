import { assertEquals } from "@std/assert";
import { inDigits } from "../../pipelines/_folder.ts";
import { assertFails, rootstock, rootstockJson, TINY_FLAGS } from "../_command.ts";

Deno.test("zoo lists and shows entries, and refuses damaged ones", () =>
  inDigits(async (folder, data) => {
    const zoo = `${folder}/zoo`;
    assertEquals(await rootstockJson(["zoo", "list", "--zoo", zoo]), { entries: [] });
    await assertFails(["zoo", "show", "few", "--zoo", zoo], 1, ["few", "no such file"]);
    await rootstock([
      "pretrain",
      "--data",
      data,
      "--name",
      "few",
      "--zoo",
      zoo,
      "--out",
      `${folder}/run`,
      ...TINY_FLAGS,
    ]);
    const { entries } = await rootstockJson(["zoo", "list", "--zoo", zoo]);
    assertEquals([entries[0].name, entries[0].sources], ["few", ["few-digits"]]);
    assertEquals((await rootstockJson(["zoo", "show", "few", "--zoo", zoo])).name, "few");

    const path = `${zoo}/few/supernet.safetensors`;
    const bytes = await Deno.readFile(path);
    bytes[bytes.length - 5]! ^= 1;
    await Deno.writeFile(path, bytes);
    await assertFails(["zoo", "show", "few", "--zoo", zoo], 1, [path, "checksum"]);
    const transfer = ["transfer", "--target", data, "--source", "few", "--zoo", zoo, "--out", `${folder}/t`, "--quiet"];
    await assertFails(transfer, 1, [path, "checksum"]);
    await Deno.writeTextFile(`${zoo}/few/card.json`, "{}");
    await assertFails(["zoo", "list", "--zoo", zoo], 1, ["card.json"]);
  }));
