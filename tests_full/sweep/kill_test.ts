import { assert, assertEquals } from "@std/assert";
import { openQueue } from "../../src/queue/mod.ts";
import { timeless } from "../../tests/pipelines/_runs.ts";
import { inStudy, spawnSweep, sweepJson } from "../../tests/cli/commands/_sweep.ts";

const TRIALS = 40;
const WORKERS = 4;
const KILLS = 50;

/** All of a study's trials that must be the same bits, whatever befell its workers. */
async function bytesOf(out: string): Promise<Map<string, string>> {
  const found = new Map<string, string>();
  for await (const { name } of Deno.readDir(`${out}/trials`)) {
    const result = timeless(JSON.parse(await Deno.readTextFile(`${out}/trials/${name}/result.json`)));
    const digest = await crypto.subtle.digest(
      "SHA-256",
      await Deno.readFile(`${out}/trials/${name}/supernet.safetensors`),
    );
    found.set(name, JSON.stringify(result) + new Uint8Array(digest).toHex());
  }
  return found;
}

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
      await new Promise((resolve) => setTimeout(resolve, 500 + 1500 * Math.random()));
      if (kills >= KILLS) continue;
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
    assert(kills >= KILLS / 2, `${kills} kills: trials are too short for this machine`);
    const attempts = statuses.reduce((sum, status) => sum + status.attempts, 0);
    assert(attempts > TRIALS, "no kill hit a trial");
    assertEquals(await bytesOf(many), await bytesOf(one));
    console.log(`${kills} kills, ${attempts} attempts at ${TRIALS} trials`);
  }));
