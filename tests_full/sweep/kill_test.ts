import { assert, assertEquals } from "@std/assert";
import { openQueue } from "../../src/queue/mod.ts";
import { inStudy, spawnSweep, sweepJson } from "../../tests/cli/commands/_sweep.ts";
import { bytesOf } from "./_bytes.ts";

const TRIALS = 40;
const WORKERS = 4;
const KILLS = 50;

Deno.test(`${KILLS} workers of ${WORKERS} at a time are killed: each of ${TRIALS} trials ends once, with the bytes of one machine`, () =>
  inStudy({ repeats: TRIALS }, async (folder, file) => {
    const cache = ["--cache", `${folder}/cache`];
    const [one, many] = [`${folder}/one`, `${folder}/many`];
    const whole = await sweepJson(["sweep", file, "--out", one, "--threads", "1", ...cache], folder);
    assert(whole.trials.every(({ state }: { state: string }) => state === "finished"));
    await sweepJson(["sweep", file, "--out", many, "--workers", "0", ...cache], folder);
    const address = `folder:${many}/queue`;
    const start = () =>
      spawnSweep(
        ["worker", "--queue", address, "--out", many, "--threads", "1", "--lease", "3s", "--quiet", ...cache],
        folder,
      );
    const workers = Array.from({ length: WORKERS }, start);
    const said = workers.map((worker) => worker.output());
    const queue = await openQueue(address);
    const left = async () => (await queue.list()).filter(({ state }) => state !== "finished").length;
    let kills = 0;
    // Kills go on as long as there is something left to do, and stop when there were enough.
    while (await left() > 0) {
      await new Promise((resolve) => setTimeout(resolve, 200 + 800 * Math.random()));
      if (kills === KILLS) continue;
      const victim = Math.floor(Math.random() * WORKERS);
      workers[victim]!.kill("SIGKILL");
      await said[victim];
      workers[victim] = start();
      said[victim] = workers[victim]!.output();
      kills++;
    }
    workers.forEach((worker) => worker.kill("SIGTERM"));
    await Promise.all(said);
    const statuses = await queue.list();
    assertEquals(statuses.map(({ state }) => state), Array.from({ length: TRIALS }, () => "finished"));
    assertEquals(kills, KILLS, "trials are too short for this machine");
    const attempts = statuses.reduce((sum, status) => sum + status.attempts, 0);
    assert(attempts > TRIALS, "no kill hit a trial");
    assertEquals(await bytesOf(many), await bytesOf(one));
    console.log(`${kills} kills, ${attempts} attempts at ${TRIALS} trials`);
  }));
