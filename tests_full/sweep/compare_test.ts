import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import { inComparison, timeless } from "./_comparison.ts";
import { openQueue } from "../../src/queue/mod.ts";
import { spawnSweep, sweep, sweepJson } from "../../tests/cli/commands/_sweep.ts";

const ARMS = ["selected", "random", "scratch", "traditional", "features", "random-genotype"];
/** Two targets and seeds; features have no command of their own, and so no trial. */
const [RUNS, TRIALS] = [4 * ARMS.length, 4 * (ARMS.length - 1)];
const KILLS = 6;

Deno.test("a comparison by workers has the figures, the bytes and the folders of one process", () =>
  inComparison({ arms: ARMS }, async ({ folder, args, content }) => {
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
  inComparison({ arms: ARMS }, async ({ folder, args, content }) => {
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
