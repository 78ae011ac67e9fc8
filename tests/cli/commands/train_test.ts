import { assertEquals } from "@std/assert";
import { inDigits } from "../../pipelines/_folder.ts";
import { runSearch } from "../../pipelines/_runs.ts";
import { assertFails, rootstockJson } from "../_command.ts";

Deno.test("train wants exactly one architecture, whole", () =>
  inDigits(async (folder, data) => {
    const args = ["train", "--data", data, "--out", `${folder}/run`, "--quiet"];
    await assertFails(args, 2, ["--from", "--genotype"]);
    await assertFails([...args, "--from", "x", "--genotype", "y"], 2, ["--from", "--genotype"]);
    await assertFails([...args, "--genotype", "{}", "--inherit", "weights"], 2, ["--inherit", "--from"]);
    await assertFails([...args, "--genotype", `${folder}/absent.json`], 1, ["absent.json"]);
    await assertFails([...args, "--genotype", "{broken"], 1, ["genotype"]);
    await assertFails(["train", "--from", folder], 1, [folder, "config.json"]);
  }));

Deno.test("train takes dataset, architecture and weights from a search", () =>
  inDigits(async (folder, data) => {
    await runSearch(`${folder}/found`, { data });
    const flags = "--inherit weights --epochs 1 --batch 16 --build strict --quiet".split(" ");
    const document = await rootstockJson(["train", "--from", `${folder}/found`, "--out", `${folder}/run`, ...flags]);
    assertEquals([document.data, document.epochs], [data, 1]);
  }));

Deno.test("train divides and prepares the images of a run's dataset as that run did, unless told otherwise", () =>
  inDigits(async (folder, data) => {
    const images = { splitSeed: 7, testPortion: 0.3 };
    await runSearch(`${folder}/found`, { data, images });
    const flags = "--epochs 1 --batch 16 --build strict --quiet".split(" ");
    const imagesOf = async (out: string, ...more: string[]) => {
      await rootstockJson(["train", "--from", `${folder}/found`, "--out", `${folder}/${out}`, ...flags, ...more]);
      return JSON.parse(await Deno.readTextFile(`${folder}/${out}/config.json`)).configuration.images;
    };
    assertEquals(await imagesOf("same"), images);
    assertEquals(await imagesOf("named", "--data", data, "--split-seed", "8"), { ...images, splitSeed: 8 });
  }));
