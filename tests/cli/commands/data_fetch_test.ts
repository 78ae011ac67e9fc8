import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import { withFolder } from "../../data/_folder.ts";
import { assertFails, rootstock, rootstockJson } from "../_command.ts";

Deno.test("data fetch lists what there is, and says which task may use the network", () =>
  withFolder(async (out) => {
    const { code, out: table } = await rootstock(["data", "fetch"]);
    assertEquals(code, 0);
    for (const word of ["licence", "mnist", "CC BY-NC 4.0"]) assertStringIncludes(table, word);
    const { datasets } = await rootstockJson(["data", "fetch"]);
    assert(datasets.length >= 12);
    await assertFails(["data", "fetch", "kmnist", "--out", out, "--quiet"], 1, ["codh.rois.ac.jp", "deno task fetch"]);
    await assertFails(["data", "fetch", "kminst", "--out", out], 1, ["did you mean kmnist?"]);
    await assertFails(["data", "fetch", "breastmnist", "--out", out, "--from", "deno.json"], 1, ["deno.json", "md5"]);
  }));
