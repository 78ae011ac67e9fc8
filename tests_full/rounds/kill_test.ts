import { assert, assertEquals } from "@std/assert";
import { spawnSweep } from "../../tests/cli/commands/_sweep.ts";
import { timeless, TINY } from "../../tests/pipelines/_runs.ts";
import { inRounds, referenceRounds, supernetOf } from "../../tests/rounds/_rounds.ts";

const KILLS = 6;

Deno.test("workers of rounds that are killed again and again leave the bits of those that are not", () =>
  inRounds(async (folder, data) => {
    const one = await referenceRounds();
    const [out, queue] = [`${folder}/run`, `folder:${folder}/queue`];
    const sizes = Object.entries(TINY.sizes).flatMap(([name, value]) => [`--${name}`, String(value)]);
    const rounds = ["--rounds", "2", "--workers", "2", "--batch", "8", "--build", "strict", "--threads", "1"];
    const files = ["--data", data, "--name", "few", "--zoo", `${folder}/zoo`, "--out", out, "--queue", queue];
    const run = spawnSweep(["pretrain", ...files, ...sizes, ...rounds, "--json"], folder);
    const serving = ["worker", "--queue", queue, "--out", out, "--lease", "2s", "--threads", "1", "--quiet"];
    const attempts = async () => {
      const jobs = await Array.fromAsync(Deno.readDir(`${folder}/queue/jobs`), ({ name }) => name).catch(() => []);
      const names = await Promise.all(
        jobs.map((job) => Array.fromAsync(Deno.readDir(`${folder}/queue/jobs/${job}`), ({ name }) => name)),
      );
      return names.flat().filter((name) => name.endsWith(".json")).length;
    };
    let claimed = 0;
    for (let kill = 0; kill < KILLS; kill++) {
      const before = await attempts();
      const worker = spawnSweep(serving, folder);
      // It is killed once it has claimed something.
      for (let look = 0; look < 200 && await attempts() === before; look++) {
        await new Promise((resolve) => setTimeout(resolve, 50));
      }
      if (await attempts() > before) claimed++;
      worker.kill("SIGKILL");
      await worker.output();
    }
    const worker = spawnSweep(serving, folder);
    const { code, stdout, stderr } = await run.output();
    worker.kill("SIGINT");
    await worker.output();
    assertEquals(code, 0, new TextDecoder().decode(stderr));
    assert(claimed >= KILLS / 2, `only ${claimed} of ${KILLS} had a job`);
    assertEquals(timeless(JSON.parse(new TextDecoder().decode(stdout)).curve), timeless(one.curve));
    assertEquals(await supernetOf(out), one.supernet);
  }));
