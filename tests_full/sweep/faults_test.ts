import { assert, assertEquals } from "@std/assert";
import { fileURLToPath } from "node:url";
import { openQueue } from "../../src/queue/mod.ts";
import { inStudy, spawnSweep, sweepJson } from "../../tests/cli/commands/_sweep.ts";
import { bytesOf } from "./_bytes.ts";
import { Proxy } from "./_proxy.ts";
import { Server, type ServerKind } from "./_servers.ts";

const HOURS_AHEAD = fileURLToPath(new URL("./_hours_ahead.ts", import.meta.url));
const KINDS = ["redis", "postgres"] satisfies ServerKind[];
const SEEDS = [0, 1, 2, 3, 4, 5];
/** Of the trials the last one needs more memory than it may have. */
const PAIRED = { seed: [...SEEDS, 99], memory: [...SEEDS.map(() => 2 ** 30), 1] };
/** Then all is well, and the rest is done. */
const FAULTS = 8;
const NET = { permissions: ["--allow-net=127.0.0.1", "--ignore-env"] };

const sleep = (seconds: number) => new Promise((resolve) => setTimeout(resolve, 1000 * seconds));

/** A worker as `deno task worker:net` is one. */
function startWorker(url: string, { out, cache, module }: { out: string; cache: string[]; module?: string }) {
  const args = ["worker", "--queue", url, "--out", out, "--threads", "1", "--lease", "4s", "--quiet", ...cache];
  const child = spawnSweep(args, out.slice(0, out.lastIndexOf("/")), module ? { ...NET, module } : NET);
  return { child, said: child.output() };
}

async function study(kind: ServerKind, { folder, file, cache }: { folder: string; file: string; cache: string[] }) {
  const out = `${folder}/${kind}`;
  const server = new Server(kind);
  await server.start();
  const proxy = new Proxy(server.port);
  const url = server.url("study");
  await sweepJson(["sweep", file, "--queue", url, "--out", out, "--workers", "0", ...cache], folder, 0, NET);
  // One is killed, one cut off for longer than a lease, and the clock of one is wrong.
  let mortal = startWorker(url, { out, cache });
  const far = startWorker(server.url("study", { port: proxy.port }), { out, cache });
  const ahead = startWorker(url, { out, cache, module: HOURS_AHEAD });
  const faults: (() => Promise<void>)[] = [
    async () => {
      mortal.child.kill("SIGKILL");
      await mortal.said;
      mortal = startWorker(url, { out, cache });
    },
    async () => {
      proxy.set("frozen");
      await sleep(7);
      proxy.set("open");
    },
    async () => {
      await server.kill();
      await sleep(1);
      await server.start();
    },
    async () => {
      proxy.set("cut");
      await sleep(2);
      proxy.set("open");
    },
  ];
  const queue = await openQueue(url);
  let [done, statuses] = [0, await queue.list()];
  while (done < FAULTS || statuses.some(({ state }) => state === "waiting" || state === "running")) {
    await sleep(2);
    if (done < FAULTS) await faults[done++ % faults.length]!();
    statuses = await queue.list();
  }
  for (const { child, said } of [mortal, far, ahead]) {
    child.kill("SIGTERM");
    const { code, stderr } = await said;
    assertEquals(code, 130, new TextDecoder().decode(stderr));
  }
  await queue.close();
  proxy.close();
  await server.remove();
  return { out, statuses, faults: done };
}

Deno.test({
  name:
    "servers and workers are killed, networks cut, clocks wrong, a trial fails: each trial ends once, with the bytes of one machine",
  // Connections that are cut are closed by others than those who opened them.
  sanitizeResources: false,
  sanitizeOps: false,
  fn: () =>
    inStudy({ paired: PAIRED, settings: { epochs: 3 } }, async (folder, file) => {
      const cache = ["--cache", `${folder}/cache`];
      const one = `${folder}/one`;
      await sweepJson(["sweep", file, "--out", one, "--workers", "2", "--threads", "1", ...cache], folder, 1);
      const whole = await bytesOf(one);
      assertEquals(whole.size, SEEDS.length);
      for (const kind of KINDS) {
        const { out, statuses, faults } = await study(kind, { folder, file, cache });
        const set = statuses.filter(({ state }) => state !== "finished");
        assertEquals(set.map(({ state }) => state), ["failed"]);
        assert(set[0]!.attempts >= 3);
        assert((await Deno.stat(`${out}/logs/${set[0]!.job.id}.${set[0]!.attempts}.log`)).isFile);
        assertEquals(await bytesOf(out), whole);
        const attempts = statuses.reduce((sum, status) => sum + status.attempts, 0);
        console.log(`${kind}: ${faults} faults, ${attempts} attempts at ${statuses.length} trials`);
      }
    }),
});
