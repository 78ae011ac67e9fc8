import { assert, assertEquals, assertRejects } from "@std/assert";
import { FolderQueue } from "../../src/queue/folder_queue.ts";
import { DEFAULT_QUEUE, isJobId, type Job, type QueueOptions } from "../../src/queue/queue.ts";

const jobOf = (number: number): Job => ({ id: `t${number}`, kind: "trial", payload: { number } });
const FAILURE = { message: "no luck", log: "one\ntwo" };

/** Opens views of one queue, as processes of different machines have them. */
async function withViews(
  test: (open: (options?: Partial<QueueOptions>) => FolderQueue, folder: string) => Promise<void>,
) {
  const folder = await Deno.makeTempDir();
  try {
    await test((options = {}) => new FolderQueue(`${folder}/queue`, { ...DEFAULT_QUEUE, ...options }), folder);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}

Deno.test("a job is enqueued once, claimed once and finished once", () =>
  withViews(async (open) => {
    const [a, b] = [open(), open()];
    assertEquals(await a.claim("anna"), undefined);
    assertEquals(await a.enqueue([jobOf(1)]), 1);
    assertEquals(await b.enqueue([{ ...jobOf(1), payload: "another" }]), 0);
    const claim = (await a.claim("anna"))!;
    assertEquals([claim.job, claim.attempt], [jobOf(1), 1]);
    assertEquals(await b.claim("bert"), undefined);
    assert(await claim.renew());
    await claim.progress({ epoch: 2 });
    const [running] = await b.list();
    assertEquals([running!.state, running!.worker, running!.progress], ["running", "anna", { epoch: 2 }]);
    assert(await claim.finish({ accuracy: 0.5 }));
    assert(!await claim.finish({ accuracy: 0.7 }));
    const [finished] = await b.list(["t1", "t2"]);
    assertEquals([finished!.state, finished!.outcome], ["finished", { accuracy: 0.5 }]);
    assertEquals(await b.claim("bert"), undefined);
  }));

Deno.test("of many who want the same jobs each has its own", () =>
  withViews(async (open) => {
    const jobs = Array.from({ length: 12 }, (_, i) => jobOf(i));
    assertEquals((await Promise.all([open(), open()].map((view) => view.enqueue(jobs)))).reduce((a, b) => a + b), 12);
    const taken = await Promise.all(Array.from({ length: 4 }, async (_, i) => {
      const view = open();
      const ids: string[] = [];
      for (let claim; (claim = await view.claim(`worker ${i}`)) !== undefined;) {
        ids.push(claim.job.id);
        assert(await claim.finish(i));
      }
      return ids;
    }));
    assertEquals(taken.flat().sort(), jobs.map(({ id }) => id).sort());
  }));

Deno.test("a lost worker's job is taken over, and the worker is told", () =>
  withViews(async (open) => {
    const [a, b] = [open(), open({ leaseSeconds: 0.05 })];
    await a.enqueue([jobOf(1)]);
    const lost = (await a.claim("anna"))!;
    // Whoever looks must see for itself that nothing beats.
    assertEquals(await b.claim("bert"), undefined);
    await new Promise((resolve) => setTimeout(resolve, 40));
    assert(await lost.renew());
    await new Promise((resolve) => setTimeout(resolve, 40));
    assertEquals(await b.claim("bert"), undefined);
    await new Promise((resolve) => setTimeout(resolve, 80));
    const taken = (await b.claim("bert"))!;
    assertEquals(taken.attempt, 2);
    assert(!await lost.renew());
    assert(!await lost.finish("late"));
    assert(await taken.finish("in time"));
    assertEquals((await a.list())[0]!.outcome, "in time");
  }));

Deno.test("a job that is given back waits, one that fails too often is set aside until it is retried", () =>
  withViews(async (open) => {
    const queue = open({ mostFailures: 2 });
    await queue.enqueue([jobOf(1)]);
    assert(await (await queue.claim("anna"))!.giveBack());
    assert(await (await queue.claim("anna"))!.fail(FAILURE));
    assertEquals((await queue.list())[0]!.state, "waiting");
    assert(await (await queue.claim("anna"))!.fail(FAILURE));
    const [aside] = await queue.list();
    assertEquals([aside!.state, aside!.attempts, aside!.failure], ["failed", 3, FAILURE]);
    assertEquals(await queue.claim("anna"), undefined);
    assertEquals([await queue.retry(["t1"]), await queue.retry(["t1"])], [1, 0]);
    assert(await (await queue.claim("anna"))!.finish(1));
  }));

Deno.test("a job that is cancelled is nobody's", () =>
  withViews(async (open) => {
    const queue = open();
    await queue.enqueue([jobOf(1), jobOf(2)]);
    const claim = (await queue.claim("anna"))!;
    assertEquals(await queue.cancel(["t1", "t2", "t3"]), 2);
    assert(!await claim.renew());
    assert(!await claim.fail(FAILURE));
    assertEquals(await queue.claim("anna"), undefined);
    assertEquals((await queue.list()).map(({ state }) => state), ["cancelled", "cancelled"]);
  }));

Deno.test("jobs that lose worker after worker are set aside", () =>
  withViews(async (open) => {
    const queue = open({ leaseSeconds: 0, mostLosses: 1 });
    await queue.enqueue([jobOf(1)]);
    for (let looks = 0; looks < 8; looks++) {
      await queue.claim("anna");
      await new Promise((resolve) => setTimeout(resolve, 2));
    }
    assertEquals((await queue.list()).map(({ state, attempts }) => [state, attempts]), [["failed", 3]]);
  }));

Deno.test("a damaged job keeps nobody from the others, and a list names it", () =>
  withViews(async (open, folder) => {
    await open().enqueue([jobOf(1), jobOf(2)]);
    await Deno.writeTextFile(`${folder}/queue/jobs/t1/0.json`, `{"nonce": "n", "type": "dance"}`);
    assertEquals((await open().claim("anna"))!.job.id, "t2");
    await assertRejects(() => open().list(), Error, 't1/0.json: type is "dance", expected one of enqueue');
  }));

Deno.test("the id of a job is no path", async () => {
  for (const id of ["", "..", "a/b", "A", "1", "a".repeat(101)]) assert(!isJobId(id), id);
  await assertRejects(() => new FolderQueue("runs/nowhere", DEFAULT_QUEUE).enqueue([{ ...jobOf(1), id: "../a" }]));
});
