import { assertEquals, assertStringIncludes } from "@std/assert";
import { slug } from "../../src/cli/stage.ts";
import { mergeSettings, type Settings } from "../../src/run/mod.ts";
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

Deno.test("runStage() leaves no folder behind that it made for a run that could not begin, however deep", () =>
  inDigits(async (folder) => {
    const absent = ["--data", `${folder}/absent`, "--quiet"];
    await assertFails(["search", ...absent, "--out", `${folder}/deep/er/run`], 1, [`${folder}/absent`]);
    const names = () => Array.fromAsync(Deno.readDir(folder), ({ name }) => name);
    assertEquals(await names(), ["few-digits"]);
    // A folder that was there before stays, and what is not the run's is left alone.
    await Deno.mkdir(`${folder}/mine`);
    await assertFails(["search", ...absent, "--out", `${folder}/mine`], 1, [`${folder}/absent`]);
    assertEquals(await Array.fromAsync(Deno.readDir(`${folder}/mine`)), []);
    assertEquals((await names()).sort(), ["few-digits", "mine"]);
  }));

Deno.test("runStage() says that there is no run to resume, and what it would need to start one", () =>
  inDigits(async (folder) => {
    const out = `${folder}/none`;
    await assertFails(["transfer", "--resume", "--out", out], 1, [
      `Cannot resume ${out}: found no run there`,
      "--target",
    ]);
    await Deno.mkdir(out);
    await assertFails(["search", "--resume", "--out", out], 1, [`Cannot resume ${out}: found no run there`, "--data"]);
  }));

Deno.test("runStage() checks what a run's files hold as it checks flags", () =>
  inDigits(async (folder, data) => {
    const out = `${folder}/run`;
    await rootstockJson(["search", "--data", data, "--out", out, ...TINY_FLAGS]);
    const resume = ["search", "--resume", "--out", out, "--quiet"];
    const change = async (file: string, edit: (content: Record<string, unknown>) => unknown) => {
      const path = `${out}/${file}`;
      const text = await Deno.readTextFile(path);
      await Deno.writeTextFile(path, JSON.stringify(edit(JSON.parse(text))));
      return () => Deno.writeTextFile(path, text);
    };
    const setting = (settings: object) => (config: Record<string, unknown>) => ({
      ...config,
      configuration: mergeSettings(config.configuration as Settings, settings as Settings),
    });
    for (
      const [settings, words] of [
        [{ search: { epochs: 0 } }, "--epochs is 0: expected a whole number from 1 to 10000"],
        [{ search: { epochs: 1e308 } }, "--epochs is 1e+308: expected"],
        [{ search: { learningRate: "fast" } }, '--learning-rate is "fast": expected a number from 0 to 10'],
        [{ search: { method: "__proto__" } }, '--method is "__proto__": expected one of'],
        [{ seed: -1 }, "--seed is -1: expected"],
        [{ sizes: { cells: null } }, "--cells is null: expected"],
      ] as const
    ) {
      const restore = await change("config.json", setting(settings));
      const { code, error } = await rootstock(resume);
      assertEquals(code, 1, error);
      assertStringIncludes(error, `Cannot resume ${out}: ${words}`);
      assertEquals(error.split("\n").length, 2, error);
      await restore();
    }
    const isOfResult = (result: Record<string, unknown>) => ({ ...result, curve: [{ epoch: "1" }] });
    const restore = await change("result.json", isOfResult);
    await assertFails(resume, 1, [`Cannot read ${out}/result.json: expected the result of a search`]);
    await assertFails(["report", out], 1, ["result.json holds something else"]);
    await restore();
    await rootstockJson(resume.filter((flag) => flag !== "--quiet"));
  }));
