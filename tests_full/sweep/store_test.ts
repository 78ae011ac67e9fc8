import { assert, assertEquals, assertMatch, assertNotEquals, assertRejects, assertStringIncludes } from "@std/assert";
import { openQueue } from "../../src/queue/mod.ts";
import { ROUND_KIND } from "../../src/rounds/mod.ts";
import { openStore, type ResultStore, RUN_FILES, StoreTrouble, unpackFiles } from "../../src/store/mod.ts";
import { inStudy, spawnSweep, sweep, sweepJson, type SweepLaunch } from "../../tests/cli/commands/_sweep.ts";
import { bytesOf } from "./_bytes.ts";
import { inComparison } from "./_comparison.ts";
import { Proxy } from "./_proxy.ts";
import { type Server, STORE_KEYS, withServer } from "./_servers.ts";
import { walk } from "./_walk.ts";
import { packTar } from "modern-tar";

/** Where data is that travels. */
const DATA = "runs/data/few-digits";
/** A process as `deno task sweep:net` is one. */
const NET: SweepLaunch = { permissions: ["--allow-net=127.0.0.1", "--ignore-env"], variables: STORE_KEYS };
const sleep = (seconds: number) => new Promise((resolve) => setTimeout(resolve, 1000 * seconds));

const variables = (name: string) => (STORE_KEYS as Record<string, string>)[name];

function open(server: Server, space: string, other: Readonly<Record<string, string>> = {}): Promise<ResultStore> {
  return openStore(server.url(space), (name) => other[name] ?? variables(name));
}

Deno.test("s3: objects are made once, read, replaced and removed; wrong keys are refused in a line", () =>
  withServer("s3", async (server) => {
    const store = await open(server, "team");
    const large = crypto.getRandomValues(new Uint8Array(60_000));
    const long = new Uint8Array(3_000_000).fill(7);
    long.set(large);
    assertEquals(await store.get("trials/t1.tar"), undefined);
    assertEquals(await store.putFirst("trials/t1.tar", long), true);
    assertEquals(await store.putFirst("trials/t1.tar", large), false);
    assert(Uint8Array.prototype.every.call(await store.get("trials/t1.tar"), (byte, i) => byte === long[i]));
    await store.put("trials/t1.tar", large);
    assertEquals(await store.get("trials/t1.tar"), large);
    await store.put("logs/empty.log", new Uint8Array());
    assertEquals(await store.get("logs/empty.log"), new Uint8Array());
    // Of many that come at once one is first.
    const all = await Promise.all(Array.from({ length: 8 }, (_, i) => store.putFirst("race", new Uint8Array([i]))));
    assert(all.includes(true));
    await store.remove("trials/t1.tar");
    await store.remove("trials/t1.tar");
    assertEquals(await store.get("trials/t1.tar"), undefined);
    const liar = await open(server, "team", { AWS_SECRET_ACCESS_KEY: "guessed" });
    await assertRejects(() => liar.get("race"), StoreTrouble, "403 SignatureDoesNotMatch, expected AWS_ACCESS_KEY_ID");
    const stranger = await open(server, "team", { AWS_ACCESS_KEY_ID: "nobody" });
    await assertRejects(() => stranger.put("race", large), StoreTrouble, "expected AWS_ACCESS_KEY_ID");
  }));

Deno.test({
  name: "s3: what was made while the answer was lost is there, and a network that is cut is waited for",
  // Connections that are cut are closed by others than those who opened them.
  sanitizeResources: false,
  sanitizeOps: false,
  fn: () =>
    withServer("s3", async (server) => {
      const proxy = new Proxy(server.port);
      const url = server.url("far", { port: proxy.port });
      const [far, near] = await Promise.all([openStore(url, variables), open(server, "far")]);
      const [one, two] = [1, 2].map((byte) => new Uint8Array(1000).fill(byte));
      proxy.set("deaf");
      const told = far.putFirst("trials/t1.tar", one!);
      while (!await near.has("trials/t1.tar")) await sleep(0.1);
      proxy.set("cut");
      await sleep(1);
      await assertRejects(
        () => far.get("trials/t1.tar", { seconds: 0 }),
        StoreTrouble,
        "Cannot reach store s3://results",
      );
      assertEquals(await near.putFirst("trials/t1.tar", two!), false);
      proxy.set("open");
      // It has been made once, by the first question; the second one is told that it is there.
      assertEquals(await told, false);
      assertEquals(await far.get("trials/t1.tar"), one);
      proxy.close();
    }),
});

Deno.test("s3: a server with TLS is who it says, by a certificate of its own", () =>
  withServer("redis", async ({ folder }) => {
    const [cert, key] = await Promise.all(["cert", "key"].map((name) => Deno.readTextFile(`${folder}/${name}.pem`)));
    const server = Deno.serve(
      { hostname: "127.0.0.1", port: 0, onListen: () => {}, cert: cert!, key: key! },
      () => new Response(null, { status: 404 }),
    );
    const url = `s3://results?endpoint=https://127.0.0.1:${server.addr.port}`;
    const [known, unknown] = await Promise.all(
      [`${url}&ca=${folder}/cert.pem`, url].map((address) => openStore(address, variables)),
    );
    assertEquals(await known!.get("trials/t1.tar"), undefined);
    await assertRejects(
      () => unknown!.get("trials/t1.tar", { seconds: 0 }),
      StoreTrouble,
      "Cannot reach store s3://results",
    );
    known!.close();
    await server.shutdown();
  }));

/** A worker that shares queue and bucket with others, and nothing else: it runs in a folder of its own. */
function startWorker(cwd: string, { queue, store }: { queue: string; store: string }) {
  Deno.mkdirSync(cwd, { recursive: true });
  const args = ["worker", "--queue", queue, "--store", store, "--out", "runs/out", "--threads", "1", "--lease", "3s"];
  const child = spawnSweep(args, cwd.slice(0, cwd.lastIndexOf("/")), { ...NET, cwd });
  return { child, said: child.output() };
}

/** Waits until a trial of a worker has a checkpoint in the store; returns its history there. */
async function historyOfCheckpoint(
  queue: string,
  { pid, bucket, folder }: { pid: number; bucket: string; folder: string },
) {
  const jobs = await openQueue(queue);
  try {
    for (let tries = 0; tries < 600; tries++) {
      for (const { job, worker, attempts, state } of await jobs.list()) {
        if (state !== "running" || !worker?.startsWith(`worker ${pid}-`)) continue;
        const archive = await Deno.readFile(`${bucket}/attempts/${job.id}.${attempts}.tar`).catch(() => undefined);
        if (archive === undefined) continue;
        await Deno.mkdir(folder);
        await unpackFiles(archive, folder, { holding: RUN_FILES, shown: job.id });
        return { id: job.id, events: await Deno.readTextFile(`${folder}/events.jsonl`) };
      }
      await sleep(0.2);
    }
  } finally {
    await jobs.close();
  }
  throw new Error("no trial has a checkpoint in the store: trials are too short");
}

Deno.test("s3: machines that share no folder, one killed and lost, the store killed: the bytes of one machine", () =>
  inStudy(
    { repeats: 4, settings: { epochs: 20, data: DATA } },
    (folder, file) =>
      withServer("redis", (redis) =>
        withServer("s3", async (server) => {
          // What the first machine has, the others have not: no data, and no cache of it.
          const cwd = `${folder}/first`;
          const here = (launch: SweepLaunch) => ({ ...launch, cwd });
          await Deno.mkdir(`${cwd}/runs/data`, { recursive: true });
          await Deno.rename(`${folder}/few-digits`, `${cwd}/${DATA}`);
          const study = ["sweep", file, "--threads", "1"];
          await sweepJson([...study, "--out", "runs/one", "--workers", "2"], cwd, 0, here({}));
          const places = { queue: redis.url("study"), store: server.url("study") };
          const named = ["--queue", places.queue, "--store", places.store];
          await sweepJson([...study, ...named, "--out", "runs/study", "--workers", "0"], cwd, 0, here(NET));
          const [mortal, other] = ["a", "b"].map((name) => startWorker(`${folder}/${name}`, places));
          const { id, events } = await historyOfCheckpoint(places.queue, {
            pid: mortal!.child.pid,
            bucket: `${server.folder}/data/results/study`,
            folder: `${folder}/checkpoint`,
          });
          mortal!.child.kill("SIGKILL");
          await mortal!.said;
          // Its trial saves when it finds itself alone, and then its machine is gone.
          await sleep(3);
          await Deno.remove(`${folder}/a`, { recursive: true });
          await server.kill();
          await sleep(3);
          await server.start();
          const third = startWorker(`${folder}/c`, places);
          const jobs = await openQueue(places.queue);
          let statuses = await jobs.list();
          for (; statuses.some(({ state }) => state !== "finished"); statuses = await jobs.list()) await sleep(0.5);
          await jobs.close();
          for (const { child, said } of [other!, third]) {
            child.kill("SIGTERM");
            assertEquals((await said).code, 130);
          }
          const attempts = statuses.reduce((sum, status) => sum + status.attempts, 0);
          assert(attempts > 4, "the kill hit no trial");
          const results = ["sweep", "results", "runs/study", "--queue", places.queue];
          const { trials } = await sweepJson(results, cwd, 0, here(NET));
          assertEquals(trials.map(({ state }: { state: string }) => state), Array(4).fill("finished"));
          assertEquals(await bytesOf(`${cwd}/runs/study`), await bytesOf(`${cwd}/runs/one`));
          // Whoever went on has the epochs, and their seconds, of the machine that was lost.
          const epochs = (text: string) => text.split("\n").filter((line) => line.includes('"type":"epoch"'));
          const history = epochs(await Deno.readTextFile(`${cwd}/runs/study/trials/${id}/events.jsonl`));
          assert(
            epochs(events).length > 0 && history.includes(epochs(events)[0]!),
            "the checkpoint was not gone on from",
          );
          // No checkpoint stays in the store, and no key anywhere.
          const kept = await Array.fromAsync(walk(`${server.folder}/data/results/study`));
          assertEquals(kept.filter((path) => /\/attempts\/t\w+\.\d+\.tar$/.test(path)), []);
          const known = await Deno.readTextFile(`${cwd}/runs/study/study.json`);
          assertStringIncludes(known, `"store": "${places.store}&region=us-east-1"`);
          assert(!known.includes("s3cret"));
          console.log(`${attempts} attempts at 4 trials, ${epochs(events).length} epochs were in the store`);
        })),
  ));

Deno.test("s3: a wrong key, an address that is none, and no permission are said at the start in a line", () =>
  inStudy({}, (folder, file) =>
    withServer("s3", async (server) => {
      const args = ["sweep", file, "--out", `${folder}/out`, "--workers", "0", "--cache", `${folder}/cache`, "--store"];
      const cases: [string, SweepLaunch, number, string][] = [
        [
          server.url("a"),
          { ...NET, variables: { ...STORE_KEYS, AWS_SECRET_ACCESS_KEY: "x" } },
          1,
          "SignatureDoesNotMatch",
        ],
        [server.url("a"), { ...NET, variables: {} }, 1, "AWS_SECRET_ACCESS_KEY is not set"],
        ["s3://results?endpoint=http://192.0.2.1:9000", NET, 2, "expected endpoint https://HOST"],
        [
          server.url("a"),
          { ...NET, permissions: ["--ignore-env"] },
          1,
          "this task may not; expected deno task sweep:net",
        ],
      ];
      for (const [url, launch, expected, message] of cases) {
        const { code, error } = await sweep([...args, url], folder, launch);
        assertEquals(code, expected, error);
        assertStringIncludes(error, message);
        assertMatch(error, /^[^\n]+\n$/);
        await assertRejects(() => Deno.stat(`${folder}/out`), Deno.errors.NotFound);
      }
    })));

Deno.test("s3: whoever means harm in the bucket is refused in a line, and writes nothing outside", () =>
  inStudy({}, (folder, file) =>
    withServer("s3", async (server) => {
      const queue = `folder:${folder}/queue`;
      const places = ["--queue", queue, "--store", server.url("harm"), "--cache", `${folder}/cache`];
      const out = ["--out", `${folder}/out`];
      const { trials: [{ id }] } = await sweepJson(
        ["sweep", file, ...places, ...out, "--workers", "0"],
        folder,
        0,
        NET,
      );
      const jobs = await openQueue(queue);
      await jobs.enqueue([{ id: "r1", kind: ROUND_KIND, payload: {} }]);
      const store = await open(server, "harm");
      const evil = new TextEncoder().encode("evil");
      const escape = await packTar([{ header: { name: "../../../evil", size: evil.length }, body: evil }]);
      await store.put(`trials/${id}.tar`, escape);
      const worker = ["worker", ...places, "--out", `${folder}/w`, "--threads", "1", "--until-empty"];
      await sweepJson(worker, folder, 0, NET);
      const [round] = await jobs.list(["r1"]);
      assertEquals(round!.state, "failed");
      assertMatch(
        round!.failure!.message,
        /^Cannot work on rounds with store s3:.*: expected workers that share a folder/,
      );
      await jobs.close();
      const failed = await sweepJson(["sweep", "status", `${folder}/out`], folder, 0, NET);
      assertEquals(failed.counts.failed, 1);
      assertMatch(failed.trials[0].error, /^Cannot use s3:\/\/results\/harm\/trials\/t\w+\.tar: it does not list/);
      assertEquals((await Array.fromAsync(walk(folder))).filter((path) => path.endsWith("evil")), []);
      // Once it is gone the trial goes on; a checkpoint that is none is passed over.
      await store.remove(`trials/${id}.tar`);
      for (const attempt of [1, 2, 3]) await store.put(`attempts/${id}.${attempt}.tar`, escape);
      await sweepJson(["sweep", "retry", `${folder}/out`], folder, 0, NET);
      await sweepJson(worker, folder, 0, NET);
      const { trials: [done] } = await sweepJson(["sweep", "results", `${folder}/out`], folder, 0, NET);
      assertEquals(done.state, "finished");
      assert((await Deno.stat(`${folder}/out/trials/${id}/supernet.safetensors`)).isFile);
    })));

Deno.test("s3: a comparison by machines that share no folder has the bytes of one process", () =>
  inComparison(
    { arms: ["selected", "scratch"], targets: 1 },
    ({ folder, args, content }) =>
      withServer("s3", async (server) => {
        const [one, many] = [`${folder}/one`, `${folder}/many`];
        await sweepJson([...args, "--out", one], folder);
        const given = { queue: `folder:${folder}/queue`, store: server.url("compare") };
        const workers = ["a", "b"].map((name) => startWorker(`${folder}/${name}`, given));
        const places = ["--queue", given.queue, "--store", given.store, "--workers", "0"];
        await sweepJson([...args, ...places, "--out", many], folder, 0, NET);
        // Another one has runs of the same places, and the workers have those of the first one.
        const other = [...args, "--learning-rate", "0.03", "--out"];
        await sweepJson([...other, `${folder}/other`], folder);
        await sweepJson([...other, `${folder}/others`, ...places], folder, 0, NET);
        for (const { child, said } of workers) {
          child.kill("SIGTERM");
          await said;
        }
        assertEquals(await content(many), await content(one));
        assertEquals(await content(`${folder}/others`), await content(`${folder}/other`));
        assertNotEquals(await content(`${folder}/other`), await content(one));
        // Its own workers are no others.
        const own = { queue: `folder:${folder}/own`, store: server.url("own") };
        const named = ["--queue", own.queue, "--store", own.store, "--workers", "1"];
        await sweepJson([...other, `${folder}/owned`, ...named], folder, 0, NET);
        assertEquals(await content(`${folder}/owned`), await content(`${folder}/other`));
      }),
  ));
