import { assert, assertEquals, assertMatch, assertStringIncludes } from "@std/assert";
import { listZoo } from "../../src/pipelines/mod.ts";
import { writeDigits } from "../pipelines/_digits.ts";
import { runSearch } from "../pipelines/_runs.ts";
import { rootstock, spawnRootstock } from "./_command.ts";

const folder = await Deno.makeTempDir();
const data = `${folder}/few-digits`;
await writeDigits(data);
const TINY = ["--channels", "4", "--cells", "3", "--nodes", "2", "--batch", "16", "--epochs", "1", "--build", "strict"];

/** A command line that fails: exit code, and what its only line says. */
async function assertFails(args: string[], code: number, ...words: string[]): Promise<void> {
  const found = await rootstock(args);
  assertEquals(found.out, "");
  assertMatch(found.error, /^[^\n]+\n$/);
  for (const word of words) assertStringIncludes(found.error, word);
  assertEquals(found.code, code);
}

Deno.test("main() refuses what it does not understand with one line and exit code 2", async () => {
  await assertFails([], 2, "--help");
  await assertFails(["serach"], 2, '"serach"', "--help");
  await assertFails(["zoo"], 2, "list or show");
  await assertFails(["search", "--data", data, "--epcohs", "3"], 2, "--epcohs", "--help");
  await assertFails(["search", "--data", data, "--epochs", "many"], 2, "--epochs", '"many"', "whole number");
  await assertFails(["search", "--data", data, "--seed", "-1"], 2, "--seed", '"-1"');
  await assertFails(["search", "--data", data, "--memory", "lots"], 2, "--memory", "2GiB");
  await assertFails(["search", "--data"], 2, "--data", "lacks its value");
  await assertFails(["search"], 2, "--data", "missing");
  await assertFails(["search", data], 2, "Unexpected argument");
  await assertFails(
    ["transfer", "--target", data, "--prior", "half"],
    2,
    "--prior",
    '"half"',
    "both, weights, alpha, none",
  );
  await assertFails(["train", "--data", data], 2, "--from", "--genotype");
  await assertFails(["predict", "--from", folder], 2, "--data");
});

Deno.test("main() names what is wrong with files in one line and ends with exit code 1", async () => {
  const out = `${folder}/refused`;
  await assertFails(["search", "--data", `${folder}/absent`, "--out", out], 1, `${folder}/absent`);
  await assertFails(["data", "inspect", "no-such-data"], 1, "no-such-data", "uci-digits");
  await assertFails(["transfer", "--target", data, "--source", "no-such-entry", "--out", out], 1, "no-such-entry");
  await assertFails(["zoo", "show", "no-such-entry"], 1, "no-such-entry");
  await assertFails(["train", "--data", data, "--genotype", `${folder}/absent.json`, "--out", out], 1, "absent.json");
  await assertFails(["train", "--data", data, "--genotype", "{broken", "--out", out], 1, "genotype");
  await assertFails(["train", "--from", folder], 1, folder, "config.json");
  await assertFails(["eval", "--from", folder], 1, "network.safetensors");
});

Deno.test("main() names an output folder that cannot be written", async () => {
  const file = `${folder}/file`;
  await Deno.writeTextFile(file, "");
  await assertFails(["search", "--data", data, "--out", `${file}/run`], 1, `${file}/run`);
  await assertFails(["search", "--data", data, "--out", data], 1, data, "expected an empty folder");
  const { code, error } = await rootstock(["search", "--data", data, "--out", `${folder}/forbidden`], {
    write: `--allow-write=${folder}/elsewhere`,
  });
  assertEquals(code, 1);
  assertMatch(error, /^[^\n]*forbidden[^\n]*\n$/);
});

Deno.test("main() refuses a damaged zoo entry", async () => {
  const zoo = `${folder}/zoo`;
  const { code, error } = await rootstock(
    ["pretrain", "--data", data, "--name", "few", "--zoo", zoo, "--out", `${folder}/pretrained`, "--quiet", ...TINY],
  );
  assertEquals([code, error], [0, ""]);
  assertEquals((await listZoo(zoo)).length, 1);
  assertEquals((await rootstock(["zoo", "show", "few", "--zoo", zoo, "--json"])).code, 0);
  const path = `${zoo}/few/supernet.safetensors`;
  const bytes = await Deno.readFile(path);
  bytes[bytes.length - 5]! ^= 1;
  await Deno.writeFile(path, bytes);
  await assertFails(["zoo", "show", "few", "--zoo", zoo], 1, path, "checksum");
  const transfer = ["transfer", "--target", data, "--source", "few", "--zoo", zoo, "--out", `${folder}/t`, "--quiet"];
  await assertFails(transfer, 1, path, "checksum");
  await Deno.writeTextFile(`${zoo}/few/card.json`, "{}");
  await assertFails(["zoo", "list", "--zoo", zoo], 1, "card.json");
});

Deno.test("main() with --json prints one document, and with --resume continues a finished run to the same", async () => {
  const out = `${folder}/searched`;
  const args = ["search", "--data", data, "--out", out, "--json", ...TINY];
  const first = await rootstock(args);
  assertEquals(first.code, 0, first.error);
  const document = JSON.parse(first.out);
  for (const key of ["command", "seed", "build", "mode", "threads", "epochs", "seconds", "validAccuracy", "genotype"]) {
    assert(key in document, key);
  }
  for (const key of ["parameters", "macs", "curve"]) assert(key in document, key);
  assertEquals(document, JSON.parse(await Deno.readTextFile(`${out}/result.json`)));
  assertStringIncludes(await Deno.readTextFile(`${out}/report.html`), "<!doctype html>");

  await assertFails([...args.filter((arg) => arg !== "--json"), "--quiet"], 1, out, "--resume");
  await assertFails(["search", "--out", out, "--resume", "--quiet", "--seed", "5"], 1, "--seed");
  const again = await rootstock(["search", "--out", out, "--resume", "--json"]);
  assertEquals(JSON.parse(again.out), document);
});

Deno.test("main() train, eval and predict follow one another", async () => {
  const [searched, trained] = [`${folder}/found`, `${folder}/trained`];
  await runSearch(searched, { data });
  const flags = ["--inherit", "weights", "--epochs", "1", "--batch", "16", "--quiet", "--json"];
  const training = await rootstock(["train", "--from", searched, "--out", trained, ...flags]);
  assertEquals(training.code, 0, training.error);
  const { testAccuracy } = JSON.parse(training.out);
  const evaluation = JSON.parse((await rootstock(["evaluate", "--from", trained, "--json"])).out);
  assertEquals(evaluation.testAccuracy, testAccuracy);
  const { predictions } = JSON.parse(
    (await rootstock(["predict", "--from", trained, `${data}/test-images.idx`, "--top", "3", "--json"])).out,
  );
  assertEquals(predictions.length, 40);
  assertEquals(predictions[0].top.length, 3);
});

Deno.test("main() saves a run on SIGINT, says how to go on and ends with exit code 130", async () => {
  const out = `${folder}/stopped`;
  const flags = TINY.map((flag) => flag === "1" ? "500" : flag);
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
});

Deno.test("main() describes every command", async () => {
  const { code, out } = await rootstock(["--help"]);
  assertEquals(code, 0);
  for (
    const command of ["pretrain", "search", "transfer", "train", "eval", "predict", "data list", "zoo show", "demo"]
  ) {
    assertStringIncludes(out, command);
  }
  assertStringIncludes((await rootstock(["transfer", "--help"])).out, "--prior-strength");
});

globalThis.addEventListener("unload", () => Deno.removeSync(folder, { recursive: true }));
