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
    let kills = 0;
    // Kills hit workers that are at a trial, and stop when there were enough.
    for (let left = true; left;) {
      await new Promise((resolve) => setTimeout(resolve, 200 + 800 * Math.random()));
      const statuses = await queue.list();
      left = statuses.some(({ state }) => state !== "finished");
      const busy = statuses.filter(({ state }) => state === "running").map(({ worker }) => worker!);
      const victim = workers.findIndex(({ pid }) => busy.some((name) => name.startsWith(`worker ${pid}-`)));
      if (kills === KILLS || victim < 0) continue;
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
    assert(attempts >= TRIALS + KILLS / 2, `${attempts} attempts: most kills came too late`);
    assertEquals(await bytesOf(many), await bytesOf(one));
    console.log(`${kills} kills, ${attempts} attempts at ${TRIALS} trials`);
  }));
