import { assert, assertEquals, assertMatch, assertStringIncludes } from "@std/assert";
import { assertFails, rootstock, TINY_FLAGS } from "../_command.ts";
import { timeless } from "../../pipelines/_runs.ts";
import { inStudy, sweep, sweepJson } from "./_sweep.ts";

const readJson = async (path: string) => JSON.parse(await Deno.readTextFile(path));

Deno.test("a study gives the bytes of runs by hand, and is widened without running anything twice", () =>
  inStudy({ grid: { learningRate: [0.1] } }, async (folder, file) => {
    const args = ["sweep", file, "--out", `${folder}/out`, "--cache", `${folder}/cache`];
    const { trials: plan } = await sweepJson([...args, "--dry-run"], folder);
    const { trials, files } = await sweepJson(args, folder);
    assertEquals(trials.map(({ id, state }: { id: string; state: string }) => [id, state]), [[plan[0].id, "finished"]]);
    const [{ folder: trial, validAccuracy, attempts, settings }] = trials;
    assertEquals([settings.learningRate, settings.seed, attempts], [0.1, 0, 1]);
    const byHand = `${folder}/by-hand`;
    const run = await rootstock(
      ["search", "--data", `${folder}/few-digits`, ...TINY_FLAGS, "--learning-rate", "0.1", "--out", byHand],
    );
    assertEquals(run.code, 0, run.error);
    const result = await readJson(`${trial}/result.json`);
    assertEquals(timeless(result), timeless(await readJson(`${byHand}/result.json`)));
    assertEquals(validAccuracy, result.validAccuracy);
    assertEquals(
      await Deno.readFile(`${trial}/supernet.safetensors`),
      await Deno.readFile(`${byHand}/supernet.safetensors`),
    );
    assertStringIncludes(await Deno.readTextFile(files[0]), `${plan[0].id},`);
    assertStringIncludes(await Deno.readTextFile(`${folder}/out/report.html`), `held-out images`);
    // What is finished is not done again.
    const study = await readJson(file);
    await Deno.writeTextFile(file, JSON.stringify({ ...study, grid: { learningRate: [0.1, 0.05] } }));
    const again = await sweepJson(args, folder);
    assertEquals(again.trials.map(({ attempts }: { attempts: number }) => attempts), [1, 1]);
    const { counts } = await sweepJson(["sweep", "status", `${folder}/out`], folder);
    assertEquals(counts, { waiting: 0, running: 0, finished: 2, failed: 0, cancelled: 0 });
  }));

Deno.test("a trial that fails three times is set aside with its log, and is retried when asked", () =>
  inStudy({ settings: { memory: 1 } }, async (folder, file) => {
    const out = `${folder}/out`;
    const args = ["sweep", file, "--out", out, "--cache", `${folder}/cache`];
    const { trials: [trial] } = await sweepJson(args, folder, 1);
    assertEquals([trial.state, trial.attempts], ["failed", 3]);
    assertStringIncludes(await Deno.readTextFile(`${out}/logs/${trial.id}.3.log`), trial.error);
    assertEquals(await sweepJson(["sweep", "retry", out, "--trials", trial.id.slice(0, 4)], folder), { waiting: 1 });
    assertEquals(await sweepJson(["sweep", "cancel", out], folder), { cancelled: 1 });
    const { out: script } = await sweep(["sweep", "slurm", out], folder);
    assertMatch(script, /--queue folder:\/\S+\/out\/queue --out \/\S+\/out /);
    const { code, out: none, error } = await sweep(
      ["sweep", "slurm", out, "--store", "s3://me:secret@results"],
      folder,
    );
    assertEquals([code, none, error.includes("secret")], [2, "", false]);
  }));

Deno.test("a worker takes what was left to it, in fast mode if told so, and ends when nothing is left", () =>
  inStudy({}, async (folder, file) => {
    const out = `${folder}/out`;
    const cache = ["--cache", `${folder}/cache`];
    const { trials } = await sweepJson(["sweep", file, "--out", out, "--workers", "0", ...cache], folder);
    assertEquals(trials.map(({ state }: { state: string }) => state), ["waiting"]);
    const worker = ["worker", "--queue", `folder:${out}/queue`, "--out", out, "--fast", "--until-empty"];
    await sweepJson([...worker, ...cache], folder);
    const { trials: [finished] } = await sweepJson(["sweep", "results", out], folder);
    assertEquals(finished.state, "finished");
    assert(finished.validAccuracy > 0);
    assertEquals(JSON.parse(await Deno.readTextFile(`${finished.folder}/result.json`)).mode, "fast");
    // A run that is not where it should be is missed: the figures alone are not all.
    await Deno.rename(`${out}/trials`, `${folder}/elsewhere`);
    const { code, error } = await sweep(["sweep", "results", out], folder);
    assertEquals(code, 1);
    assertMatch(error, /Cannot find \S+\/out\/trials\/t\w+: its trial is finished, expected the --out of its worker/);
  }));

Deno.test("what cannot be swept is said in a line", async () => {
  await assertFails(["sweep", "nowhere.yaml"], 2, ["Cannot use nowhere.yaml: found no such file"]);
  await assertFails(["sweep", "status", "runs/nowhere"], 1, ["found no study.json"]);
  await assertFails(["worker", "--out", "runs"], 2, ["--queue is missing"]);
  await assertFails(["worker", "--queue", "folder:a"], 2, ["--out is missing"]);
  const worker = ["worker", "--queue", "folder:a", "--out", "runs/nowhere", "--store"];
  await assertFails(["worker", "--queue", "redis://:secret@queue.example", "--out", "runs/nowhere"], 1, [
    "Cannot reach queue.example:6379: this task may not; expected deno task sweep:net",
  ]);
  await assertFails(["sweep", "board", "--queue", "redis://queue.example"], 1, [
    "Cannot reach queue.example:6379: this task may not; expected deno task board",
  ]);
  await assertFails([...worker, "gs://results"], 2, ["Cannot open store gs://results: expected s3://BUCKET"]);
  await assertFails([...worker, "s3://results"], 1, ["this task may not; expected deno task sweep:net"]);
  await assertFails([...worker, "s3://results?endpoint=http://s3.example"], 2, ["expected endpoint https://HOST"]);
});

Deno.test("a process that may start no other queues nothing", () =>
  inStudy({}, async (folder, file) => {
    const out = `${folder}/out`;
    await assertFails(["sweep", file, "--out", out], 1, ["this process may start no others", "deno task sweep"]);
    await assertFails(["sweep", "status", out], 1, ["out"]);
    const worker = ["worker", "--queue", `folder:${out}/queue`, "--out", out];
    await assertFails(worker, 1, ["this process may start no others", "deno task worker"]);
  }));
