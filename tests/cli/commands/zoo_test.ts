import { assert, assertEquals, assertMatch, assertStringIncludes } from "@std/assert";
import { inDigits } from "../../pipelines/_folder.ts";
import { assertFails, rootstock, rootstockJson, TINY_FLAGS } from "../_command.ts";

Deno.test("zoo lists and shows entries, and refuses damaged ones", () =>
  inDigits(async (folder, data) => {
    const zoo = `${folder}/zoo`;
    assertEquals(await rootstockJson(["zoo", "list", "--zoo", zoo]), { entries: [] });
    await assertFails(["zoo", "show", "few", "--zoo", zoo], 1, ["few", "there is no folder"]);
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
    const { out: shown } = await rootstock(["zoo", "show", "few", "--zoo", zoo]);
    assert((await Deno.readTextFile(`${zoo}/few/README.md`)).endsWith(`---\n\n${shown}`), shown);
    assertStringIncludes(shown, "## What may be done with it");
    const { out: listed } = await rootstock(["zoo", "list", "--zoo", zoo]);
    assertMatch(listed, /^few +few-digits +14×14 grey +darts, .* unknown +0\.\d$/m);

    const verify = ["zoo", "verify", "--zoo", zoo];
    const { entries: sound } = await rootstockJson(verify);
    assertEquals([sound.length, sound[0].name, sound[0].isSound], [1, "few", true]);

    const path = `${zoo}/few/supernet.safetensors`;
    const bytes = await Deno.readFile(path);
    bytes[bytes.length - 5]! ^= 1;
    await Deno.writeFile(path, bytes);
    await assertFails(["zoo", "show", "few", "--zoo", zoo], 1, [path, "checksum"]);
    const { code, out, error } = await rootstock(verify, { write: "--deny-write" });
    assertEquals(code, 1);
    assertMatch(out, /few +BROKEN .*checksum is/);
    assertEquals(error, "Cannot use few: 1 entry is broken, of 1 verified\n");
    await assertFails(["zoo", "verify", "--zoo", `${folder}/no-zoo`], 1, ["found no entry"]);
    const transfer = ["transfer", "--target", data, "--source", "few", "--zoo", zoo, "--out", `${folder}/t`, "--quiet"];
    await assertFails(transfer, 1, [path, "checksum"]);
    const reserved = ["pretrain", "--data", data, "--name", "auto", "--zoo", zoo, "--out", `${folder}/auto`];
    await assertFails([...reserved, "--quiet"], 1, ['"auto"', "reserved"]);
    await Deno.writeTextFile(`${zoo}/few/card.json`, "{}");
    const { code: left, error: warning } = await rootstock(["zoo", "list", "--zoo", zoo]);
    assertEquals(left, 0);
    assertMatch(warning, /^Left out: Cannot read [^\n]*few\/card\.json: format is nothing, expected 1\n$/);
  }));

Deno.test("zoo fetch needs an address and the permission to use it; an empty zoo says so", () =>
  inDigits(async (folder) => {
    await assertFails(["zoo", "fetch"], 2, ["--from is missing"]);
    const from = ["--from", "http://127.0.0.1:4321/data", "--out", folder];
    await assertFails(["zoo", "fetch", ...from], 1, [
      "Deno may not use 127.0.0.1:4321 here, allow it with --allow-net=",
    ]);
    const { out, error } = await rootstock(["zoo", "list", "--zoo", `${folder}/none`, "--json"]);
    assertEquals(JSON.parse(out).entries, []);
    assertMatch(error, /^There is no supernet in [^\n]*none: zoo fetch --from ADDRESS/);
  }));
