import { assert, assertEquals } from "@std/assert";
import { inDigits } from "../../pipelines/_folder.ts";
import { assertFails, rootstockJson, TINY_FLAGS } from "../_command.ts";

Deno.test("search prints one document with everything of the contract", () =>
  inDigits(async (folder, data) => {
    const document = await rootstockJson(["search", "--data", data, "--out", `${folder}/run`, ...TINY_FLAGS]);
    const keys = "command seed build mode threads epochs seconds validAccuracy genotype parameters macs curve";
    for (const key of keys.split(" ")) assert(key in document, key);
    assertEquals(document.command, "search");
    for (const key of "epoch seconds trainLoss validLoss validAccuracy".split(" ")) {
      assert(key in document.curve[0], key);
    }
  }));

Deno.test("search refuses flags that it does not know and values that make no sense", async () => {
  await assertFails(["search", "--data", "x", "--epcohs", "3"], 2, ["--epcohs", "--help"]);
  await assertFails(["search", "--data", "x", "--epochs", "many"], 2, ["--epochs", '"many"', "whole number"]);
  await assertFails(["search", "--data", "x", "--seed", "-1"], 2, ["--seed", '"-1"']);
  await assertFails(["search", "--data"], 2, ["--data", "lacks its value"]);
  await assertFails(["search"], 2, ["--data", "missing"]);
  await assertFails(["search", "x"], 2, ["Unexpected argument"]);
});
