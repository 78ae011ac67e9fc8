import { assert, assertEquals, assertRejects } from "@std/assert";
import { DEFAULT_QUEUE, type Job, type Queue, type QueueOptions } from "../../src/queue/queue.ts";

/** Opens a view of a queue, as processes of different machines have them. */
export type OpenView = (options: QueueOptions) => Promise<Queue> | Queue;

/** A place for queues. */
export interface QueuePlace {
  /** Its name. */
  readonly name: string;
  /** A lease, in seconds, that is long enough for the place to answer several times, and short enough to be waited for. */
  readonly leaseSeconds: number;
  /** Gives a queue of its own. */
  use(test: (open: OpenView) => Promise<void>): Promise<void>;
}

const FAILURE = { message: "no luck", log: "one\ntwo" };

/** A job that is told from others by a number. */
export const jobOf = (number: number): Job => ({ id: `t${number}`, kind: "trial", payload: { number } });

const sleep = (seconds: number) => new Promise((resolve) => setTimeout(resolve, 1000 * seconds));

type Views = (options?: Partial<QueueOptions>) => Promise<Queue>;

/** What must hold wherever jobs are kept. */
const CONTRACT: Readonly<Record<string, (open: Views, leaseSeconds: number) => Promise<void>>> = {
  async "a job is enqueued once, claimed once and finished once"(open) {
    const [a, b] = [await open(), await open()];
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
    assertEquals(finished!.progress, undefined);
    assertEquals(await b.claim("bert"), undefined);
    assertEquals(await b.enqueue([jobOf(1)]), 0);
  },

  async "of many who want the same jobs each has its own"(open) {
    const jobs = Array.from({ length: 12 }, (_, i) => jobOf(i));
    const views = [await open(), await open()];
    assertEquals((await Promise.all(views.map((view) => view.enqueue(jobs)))).reduce((a, b) => a + b), 12);
    const taken = await Promise.all(Array.from({ length: 4 }, async (_, i) => {
      const view = i < 2 ? views[0]! : await open();
      const ids: string[] = [];
      for (let claim; (claim = await view.claim(`worker ${i}`)) !== undefined;) {
        ids.push(claim.job.id);
        assert(await claim.finish(i));
      }
      return ids;
    }));
    assertEquals(taken.flat().sort(), jobs.map(({ id }) => id).sort());
    assertEquals((await views[0]!.list()).map(({ job }) => job), jobs.sort((a, b) => a.id < b.id ? -1 : 1));
  },

  async "a lost worker's job is taken over, and the worker is told"(open, leaseSeconds) {
    const [a, b] = [await open({ leaseSeconds }), await open({ leaseSeconds })];
    await a.enqueue([jobOf(1)]);
    const lost = (await a.claim("anna"))!;
    // Whoever looks must see for itself that nothing beats.
    assertEquals(await b.claim("bert"), undefined);
    for (let i = 0; i < 3; i++) {
      await sleep(0.7 * leaseSeconds);
      assert(await lost.renew());
      assertEquals(await b.claim("bert"), undefined);
    }
    let taken;
    for (let looks = 0; taken === undefined && looks < 30; looks++) {
      await sleep(leaseSeconds / 5);
      taken = await b.claim("bert");
    }
    assertEquals(taken?.attempt, 2);
    assert(!await lost.renew());
    assert(!await lost.giveBack());
    assert(!await lost.fail(FAILURE));
    assert(!await lost.finish("late"));
    assertEquals((await a.list())[0]!.worker, "bert");
    assert(await taken!.finish("in time"));
    assert(!await lost.finish("late"));
    assertEquals((await a.list())[0]!.outcome, "in time");
  },

  async "a job that is given back waits, one that fails too often is set aside until it is retried"(open) {
    const queue = await open({ mostFailures: 2 });
    await queue.enqueue([jobOf(1)]);
    assert(await (await queue.claim("anna"))!.giveBack());
    assert(await (await queue.claim("anna"))!.fail(FAILURE));
    assertEquals((await queue.list()).map(({ state, failure }) => [state, failure]), [["waiting", FAILURE]]);
    assert(await (await queue.claim("anna"))!.fail({ ...FAILURE, log: "" }));
    const [aside] = await queue.list();
    assertEquals([aside!.state, aside!.attempts, aside!.failure], ["failed", 3, { ...FAILURE, log: "" }]);
    assertEquals(await queue.claim("anna"), undefined);
    assertEquals([await queue.retry(["t1"]), await queue.retry(["t1"])], [1, 0]);
    const [again] = await queue.list();
    assertEquals([again!.state, again!.failure], ["waiting", undefined]);
    assert(await (await queue.claim("anna"))!.fail(FAILURE));
    assertEquals((await queue.list())[0]!.state, "waiting");
    const last = (await queue.claim("anna"))!;
    assertEquals(last.attempt, 5);
    assert(await last.finish(1));
    assertEquals([await queue.retry(["t1"]), await queue.cancel(["t1"])], [0, 0]);
  },

  async "a job that is cancelled is nobody's, until it is retried"(open) {
    const queue = await open();
    await queue.enqueue([jobOf(1), jobOf(2)]);
    const claim = (await queue.claim("anna"))!;
    assertEquals(await queue.cancel(["t1", "t2", "t3"]), 2);
    assertEquals([await claim.renew(), await claim.giveBack(), await claim.fail(FAILURE)], [false, false, false]);
    assert(!await claim.finish("late"));
    assertEquals(await queue.claim("anna"), undefined);
    assertEquals((await queue.list()).map(({ state }) => state), ["cancelled", "cancelled"]);
    assertEquals([await queue.cancel(["t1"]), await queue.retry(["t1", "t2"])], [0, 2]);
    assert(!await claim.renew());
    for (let i = 0; i < 2; i++) assert(await (await queue.claim("bert"))!.finish(i));
    assert(!await claim.finish("late"));
    assertEquals((await queue.list()).map(({ state, outcome }) => [state, outcome === "late"]), [
      ["finished", false],
      ["finished", false],
    ]);
  },

  async "a job that loses worker after worker is set aside, and has as many again when it is retried"(
    open,
    leaseSeconds,
  ) {
    const queue = await open({ leaseSeconds: leaseSeconds / 4, mostLosses: 1 });
    await queue.enqueue([jobOf(1)]);
    for (const attempts of [3, 6]) {
      for (let looks = 0; looks < 200 && (await queue.list())[0]!.state !== "failed"; looks++) {
        await queue.claim("anna");
        await sleep(leaseSeconds / 20);
      }
      assertEquals((await queue.list()).map(({ state, attempts }) => [state, attempts]), [["failed", attempts]]);
      assertEquals((await queue.list())[0]!.failure!.message, "lost 2 workers");
      await queue.retry(["t1"]);
    }
  },

  async "the id of a job is no path"(open) {
    const queue = await open();
    await assertRejects(() => queue.enqueue([{ ...jobOf(1), id: "../a" }]), RangeError, "expected an id of letters");
  },
};

/** Tests what must hold wherever jobs are kept. */
export function testContract({ name, leaseSeconds, use }: QueuePlace): void {
  for (const [sentence, test] of Object.entries(CONTRACT)) {
    Deno.test(`${name}: ${sentence}`, () =>
      use(async (openView) => {
        const views: Queue[] = [];
        const open: Views = async (options = {}) => {
          const view = await openView({ ...DEFAULT_QUEUE, ...options });
          views.push(view);
          return view;
        };
        try {
          await test(open, leaseSeconds);
        } finally {
          await Promise.all(views.map((view) => view.close()));
        }
      }));
  }
}
