import { assertEquals, assertStringIncludes } from "@std/assert";
import { slug } from "../../src/cli/stage.ts";
import { inDigits } from "../pipelines/_folder.ts";
import { assertFails, rootstock, rootstockJson, spawnRootstock, TINY_FLAGS } from "./_command.ts";

Deno.test("slug() makes a part of a folder's name of any dataset", () => {
  assertEquals(slug("uci-digits"), "uci-digits");
  assertEquals(slug("/data/My Digits/"), "my-digits");
});

Deno.test("runStage() refuses a folder that it cannot write or that is not empty", () =>
  inDigits(async (folder, data) => {
    const file = `${folder}/file`;
    await Deno.writeTextFile(file, "");
    await assertFails(["search", "--data", data, "--out", `${file}/run`], 1, [`${file}/run`]);
    await assertFails(["search", "--data", data, "--out", data], 1, [data, "expected an empty folder"]);
    const write = `--allow-write=${folder}/elsewhere`;
    await assertFails(["search", "--data", data, "--out", `${folder}/forbidden`], 1, ["forbidden"], { write });
  }));

Deno.test("runStage() leaves nothing behind of a run that could not begin", () =>
  inDigits(async (folder, data) => {
    const out = `${folder}/run`;
    await assertFails(["search", "--data", `${folder}/absent`, "--out", out, "--quiet"], 1, [`${folder}/absent`]);
    await rootstockJson(["search", "--data", data, "--out", out, ...TINY_FLAGS]);
  }));

Deno.test("runStage() continues a run with --resume, and refuses other settings", () =>
  inDigits(async (folder, data) => {
    const out = `${folder}/run`;
    const args = ["search", "--data", data, "--out", out, ...TINY_FLAGS];
    const first = await rootstockJson(args);
    assertEquals(first, JSON.parse(await Deno.readTextFile(`${out}/result.json`)));
    assertStringIncludes(await Deno.readTextFile(`${out}/report.html`), "<!doctype html>");
    await assertFails(args, 1, [out, "--resume"]);
    const resume = ["search", "--out", out, "--resume", "--quiet"];
    await assertFails([...resume, "--seed", "5"], 1, ["--seed is 5, expected 0"]);
    await assertFails([...resume, "--learning-rate", "1"], 1, ["--learning-rate is 1, expected 0.025"]);
    await assertFails([...resume, "--build", "single"], 1, ['--build is "single", expected "strict"']);
    assertEquals(await rootstockJson(["search", "--out", out, "--resume"]), first);
  }));

Deno.test("runStage() saves a run on SIGINT, says how to go on and ends with exit code 130", () =>
  inDigits(async (folder, data) => {
    const out = `${folder}/run`;
    const flags = TINY_FLAGS.map((flag) => flag === "1" ? "500" : flag);
    const child = spawnRootstock(["search", "--data", data, "--out", out, "--json", ...flags]);
    while (await Deno.stat(`${out}/checkpoint.safetensors`).then(() => false, () => true)) {
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
    child.kill("SIGINT");
    const { code, stdout, stderr } = await child.output();
    const error = new TextDecoder().decode(stderr);
    assertEquals(code, 130, error);
    assertEquals(stdout.length, 0);
    assertStringIncludes(error, `search --resume --out ${out}`);
    const { error: silence } = await rootstock(["data", "list", "--quiet"]);
    assertEquals(silence, "");
  }));
