import { assert, assertEquals } from "@std/assert";
import { inDigits } from "../../pipelines/_folder.ts";
import { timeless } from "../../pipelines/_runs.ts";
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

Deno.test("search takes settings from a preset, from a file and from the config.json of a run", () =>
  inDigits(async (folder, data) => {
    const [file, first, second] = [`${folder}/settings.yaml`, `${folder}/first`, `${folder}/second`];
    const sizes = "sizes: {channels: 4, cells: 3, nodes: 2}";
    await Deno.writeTextFile(
      file,
      `data: ${data}\n${sizes}\nsearch:\n  batch: 16\nbuild: strict\nseed: 3\nepochs: 5\n`,
    );
    const args = ["search", "--config", file, "--preset", "quick", "--epochs", "1", "--quiet", "--out", first];
    const document = await rootstockJson(args);
    const stored = JSON.parse(await Deno.readTextFile(`${first}/config.json`));
    const { preset, seed, search, build } = stored.configuration;
    assertEquals([preset, seed, search.epochs, search.head, build], ["quick", 3, 1, "refitted", "strict"]);
    const again = await rootstockJson(["search", "--config", `${first}/config.json`, "--out", second, "--quiet"]);
    assertEquals(timeless(again), timeless(document));
  }));

Deno.test("search refuses a file of settings that are not its own, or make no sense", () =>
  inDigits(async (folder) => {
    const file = `${folder}/settings.yaml`;
    for (
      const [text, words] of [
        ["search: {epoch: 3}", ["search.epoch", "(did you mean search.epochs?)"]],
        ["search: {epochs: 0}", ["search.epochs is 0", "from 1 to 10000"]],
        ["search:\n  epochs: [", ["in line 2", "YAML"]],
      ] as const
    ) {
      await Deno.writeTextFile(file, text);
      await assertFails(["search", "--config", file], 2, [file, ...words]);
    }
  }));

Deno.test("search refuses a time limit that is too short, and leaves nothing behind", () =>
  inDigits(async (folder, data) => {
    const out = `${folder}/run`;
    const args = ["search", "--data", data, "--out", out, "--build", "strict", "--quiet"];
    await assertFails([...args, "--channels", "16", "--cells", "8", "--time-limit", "1s"], 1, [
      "Cannot finish within 1 s",
      "expected a time limit of at least",
    ]);
    const document = await rootstockJson([...args, ...TINY_FLAGS, "--time-limit", "1h"]);
    assertEquals(document.timeLimit, { seconds: 3600, isCut: false, cuts: [] });
    await assertFails([...args, "--time-limit", "soon"], 2, ["--time-limit", "a time such as 90s, 10m or 2h"]);
  }));

Deno.test("search refuses flags that it does not know and values that make no sense", async () => {
  await assertFails(["search", "--data", "x", "--epcohs", "3"], 2, ["--epcohs", "--help"]);
  await assertFails(["search", "--data", "x", "--epochs", "many"], 2, ["--epochs", '"many"', "whole number"]);
  await assertFails(["search", "--data", "x", "--seed", "-1"], 2, ["--seed", '"-1"']);
  await assertFails(["search", "--data"], 2, ["--data", "lacks its value"]);
  await assertFails(["search"], 2, ["--data", "missing"]);
  await assertFails(["search", "x"], 2, ["Unexpected argument"]);
});
