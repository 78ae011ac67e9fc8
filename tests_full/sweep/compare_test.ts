import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import { walk } from "./_walk.ts";
import { openQueue } from "../../src/queue/mod.ts";
import { spawnSweep, sweep, sweepJson } from "../../tests/cli/commands/_sweep.ts";
import { inTwoZoo, runDerivation } from "../../tests/pipelines/_zoo.ts";

const ARMS = ["selected", "random", "scratch", "traditional", "features", "random-genotype"];
/** Two targets and seeds; features have no command of their own, and so no trial. */
const [RUNS, TRIALS] = [4 * ARMS.length, 4 * (ARMS.length - 1)];
const KILLS = 6;
const TINY = "--epochs 2 --train-epochs 1 --batch 16 --train-batch 16 --patience 0 --build strict --seeds 1,2".split(
  " ",
);

/** JSON without all that depends on the clock, or on how many threads there were. */
function timeless(text: string): unknown {
  return JSON.parse(text, (key, value) => /seconds|^threads$/i.test(key) ? undefined : value);
}

/** All that must be the same, whoever made the runs: by path, JSON and tensors. */
async function contentOf(out: string, targets: readonly string[]): Promise<Map<string, unknown>> {
  const found = new Map<string, unknown>([["result.json", timeless(await Deno.readTextFile(`${out}/result.json`))]]);
  for (const target of targets) {
    for await (const path of walk(`${out}/${target}`)) {
      const name = path.slice(out.length + 1);
      if (/\/(result|config|genotype)\.json$/.test(path)) found.set(name, timeless(await Deno.readTextFile(path)));
      else if (/\.safetensors$/.test(path) && !/checkpoint/.test(path)) {
        const digest = await crypto.subtle.digest("SHA-256", await Deno.readFile(path));
        found.set(name, new Uint8Array(digest).toHex());
      }
    }
  }
  return found;
}

async function inComparison(
  test: (
    given: { folder: string; args: string[]; content: (out: string) => Promise<Map<string, unknown>> },
  ) => Promise<void>,
) {
  await inTwoZoo(async ({ folder, zoo, data }) => {
    await runDerivation(`${folder}/derived`, { entry: { name: "digits", zoo }, data: `${folder}/few-digits` });
    const targets = [data, `${folder}/few-clothes`];
    const args = ["compare", "--target", targets.join(), "--zoo", zoo, "--arms", ARMS.join(), ...TINY];
    await test({
      folder,
      args: [...args, "--cache", `${folder}/cache`],
      content: (out) => contentOf(out, ["more-digits", "few-clothes"]),
    });
  });
}

Deno.test("a comparison by workers has the figures, the bytes and the folders of one process", () =>
  inComparison(async ({ folder, args, content }) => {
    const [one, many] = [`${folder}/one`, `${folder}/many`];
    await sweepJson([...args, "--out", one], folder);
    const document = await sweepJson([...args, "--out", many, "--workers", "2"], folder);
    const whole = await content(one);
    assertEquals([...whole.keys()].filter((name) => name.endsWith("/result.json")).length, RUNS);
    assertEquals(await content(many), whole);
    assertEquals(timeless(JSON.stringify(document)), whole.get("result.json"));
    const { counts } = await sweepJson(["sweep", "status", many], folder);
    assertEquals(counts, { waiting: 0, running: 0, finished: TRIALS, failed: 0, cancelled: 0 });
    const { code, error } = await sweep(["sweep", "results", many], folder);
    assertEquals(code, 1);
    assertStringIncludes(error, `${many}/report.html is its report`);
  }));

Deno.test(`a comparison whose workers and itself are killed has the bytes of one process`, () =>
  inComparison(async ({ folder, args, content }) => {
    const [one, killed] = [`${folder}/one`, `${folder}/killed`];
    await sweepJson([...args, "--out", one, "--workers", "2"], folder);
    const whole = await content(one);
    const address = `folder:${killed}/queue`;
    const lease = ["--lease", "3s"];
    const coordinate = [...args, "--out", killed, "--workers", "0", ...lease];
    const start = () =>
      spawnSweep(
        ["worker", "--queue", address, "--out", killed, "--threads", "1", "--quiet", ...lease],
        folder,
      );
    let coordinator = spawnSweep(coordinate, folder);
    let said = coordinator.output();
    const workers = [start(), start()];
    const ends = workers.map((worker) => worker.output());
    const queue = await openQueue(address);
    let kills = 0;
    for (let finished = 0; finished < TRIALS;) {
      await new Promise((resolve) => setTimeout(resolve, 1500 + 1500 * Math.random()));
      finished = (await queue.list()).filter(({ state }) => state === "finished").length;
      if (kills >= KILLS || finished === TRIALS) continue;
      const victim = kills % 2;
      workers[victim]!.kill("SIGKILL");
      await ends[victim];
      workers[victim] = start();
      ends[victim] = workers[victim]!.output();
      if (++kills !== KILLS / 2) continue;
      coordinator.kill("SIGKILL");
      await said;
      coordinator = spawnSweep([...coordinate, "--resume"], folder);
      said = coordinator.output();
    }
    const { code: end, stderr } = await said;
    assertEquals(end, 0, new TextDecoder().decode(stderr));
    workers.forEach((worker) => worker.kill("SIGTERM"));
    await Promise.all(ends);
    const attempts = (await queue.list()).reduce((sum, status) => sum + status.attempts, 0);
    assert(kills > 0 && attempts > TRIALS, `${kills} kills, ${attempts} attempts: no kill hit a run`);
    assertEquals(await content(killed), whole);
    console.log(`${kills} kills, ${attempts} attempts at ${TRIALS} runs`);
  }));
