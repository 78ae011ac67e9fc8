import { assert, assertEquals } from "@std/assert";
import { type Claim, openQueue, type Queue } from "../../src/queue/mod.ts";
import { jobOf } from "../../tests/queue/_contract.ts";
import { Proxy } from "./_proxy.ts";
import { Server, type ServerKind } from "./_servers.ts";

const sleep = (seconds: number) => new Promise((resolve) => setTimeout(resolve, 1000 * seconds));

/** Repeats what a server that cannot be reached refuses, as a worker does. */
async function insist<T>(ask: () => Promise<T>): Promise<T> {
  for (let tries = 0;; tries++) {
    try {
      return await ask();
    } catch (error) {
      if (tries > 240) throw error;
      await sleep(0.25);
    }
  }
}

/** Claims a job as soon as there is one. */
async function claimSoon(queue: Queue): Promise<Claim> {
  for (let tries = 0; tries < 200; tries++) {
    const claim = await insist(() => queue.claim("bert"));
    if (claim !== undefined) return claim;
    await sleep(0.1);
  }
  throw new Error("there is nothing to claim");
}

for (const kind of ["redis", "postgres"] satisfies ServerKind[]) {
  const server = new Server(kind);
  let spaces = 0;
  /** Two views of a queue, the first through a network that may fail. */
  const inQueue = async (
    leaseSeconds: number,
    test: (far: Queue, near: Queue, proxy: Proxy) => Promise<void>,
  ): Promise<void> => {
    const space = `network${spaces++}`;
    const proxy = new Proxy(server.port);
    const near = await server.open(space, { leaseSeconds });
    const far = await openQueue(server.url(space, { port: proxy.port }), { leaseSeconds });
    try {
      await test(far, near, proxy);
    } finally {
      proxy.set("open");
      await Promise.all([far.close(), near.close()]);
      proxy.close();
    }
  };
  // Connections that are cut are closed by others than those who opened them.
  const test = (name: string, fn: () => Promise<void>) =>
    Deno.test({ name: `${kind}: ${name}`, fn, sanitizeResources: false, sanitizeOps: false });

  test("starts", () => server.start());

  test("a worker that is cut off for longer than a lease is told, and what it did is dropped", () =>
    inQueue(1.5, async (far, near, proxy) => {
      await near.enqueue([jobOf(1)]);
      const lost = (await far.claim("anna"))!;
      proxy.set("frozen");
      const late = insist(() => lost.finish("late"));
      const taken = await claimSoon(near);
      assertEquals(taken.attempt, 2);
      proxy.set("open");
      assertEquals(await late, false);
      assertEquals(await insist(() => lost.renew()), false);
      assert(await taken.finish("in time"));
      assertEquals((await near.list())[0]!.outcome, "in time");
    }));

  test("what was done while the answer was lost is done once, and is known to be done", () =>
    inQueue(30, async (far, near, proxy) => {
      await near.enqueue([jobOf(1), jobOf(2)]);
      const claim = (await far.claim("anna"))!;
      proxy.set("deaf");
      const told = insist(() => claim.finish("once"));
      await sleep(0.5);
      proxy.set("cut");
      assertEquals((await near.list([claim.job.id]))[0]!.outcome, "once");
      proxy.set("open");
      assertEquals(await told, true);
      const other = await insist(() => far.claim("anna"));
      assertEquals([other!.attempt, await insist(() => other!.giveBack())], [1, true]);
    }));

  test("a server that is killed and started again has lost nothing", () =>
    inQueue(30, async (_, queue) => {
      assertEquals(await queue.enqueue(Array.from({ length: 20 }, (_, i) => jobOf(i))), 20);
      const [done, held] = [(await queue.claim("anna"))!, (await queue.claim("anna"))!];
      assert(await done.finish(1));
      await server.kill();
      const renewed = insist(() => held.renew());
      await server.start();
      assertEquals(await renewed, true);
      assertEquals(await insist(() => held.finish(2)), true);
      const states = (await insist(() => queue.list())).map(({ state }) => state);
      assertEquals(states.filter((state) => state === "finished").length, 2);
      assertEquals(states.filter((state) => state === "waiting").length, 18);
      assertEquals(await queue.enqueue([jobOf(1), jobOf(20)]), 1);
    }));

  test("a machine whose clock is two hours ahead takes nobody for lost, and is taken for lost by nobody", () =>
    inQueue(2, async (_, queue) => {
      const now = Date.now;
      const ahead = () => now() + 2 * 3_600_000;
      await queue.enqueue([jobOf(1)]);
      const other = await server.open(`network${spaces - 1}`, { leaseSeconds: 2 });
      try {
        for (const [mine, theirs] of [[now, ahead], [ahead, now]]) {
          Date.now = mine!;
          const claim = await claimSoon(queue);
          for (let looks = 0; looks < 5; looks++) {
            await sleep(1.1);
            Date.now = theirs!;
            assertEquals(await other.claim("bert"), undefined);
            Date.now = mine!;
            assert(await claim.renew());
          }
          // Nor does a lease last two hours.
          Date.now = theirs!;
          const taken = await claimSoon(other);
          assertEquals(taken.attempt, claim.attempt + 1);
          assert(await taken.giveBack());
        }
      } finally {
        Date.now = now;
        await other.close();
      }
    }));

  test("ends", () => server.remove());
}
