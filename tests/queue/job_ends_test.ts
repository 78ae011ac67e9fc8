import { assertEquals, assertRejects } from "@std/assert";
import { FolderQueue } from "../../src/queue/folder_queue.ts";
import { JobEnds } from "../../src/queue/job_ends.ts";
import { DEFAULT_QUEUE, type Queue } from "../../src/queue/queue.ts";
import { Interrupted } from "../../src/run/mod.ts";

const jobOf = (id: string) => ({ id, kind: "x", payload: 1 });
const rest = () => new Promise<void>((resolve) => setTimeout(resolve, 5));

async function inQueue(test: (queue: Queue) => Promise<void>) {
  const folder = await Deno.makeTempDir();
  try {
    await test(new FolderQueue(folder, { ...DEFAULT_QUEUE, mostFailures: 1 }));
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}

Deno.test("jobs end in any order, and one that was set aside before is tried again", () =>
  inQueue(async (queue) => {
    await queue.enqueue([jobOf("old")]);
    await (await queue.claim("w"))!.fail({ message: "no", log: "" });
    const ends = new JobEnds({ queue, say: () => {}, rest });
    const awaited = ["old", "new", "never"].map((id) => ends.await(jobOf(id)));
    for (let left = 2; left > 0;) {
      const claim = await queue.claim("w");
      if (claim === undefined) await rest();
      else if (claim.job.id === "never") await queue.cancel(["never"]);
      else if (await claim.finish(claim.job.id)) left--;
    }
    await queue.cancel(["never"]);
    const found = await Promise.all(awaited);
    assertEquals(found.map(({ state, outcome }) => [state, outcome]), [
      ["finished", "old"],
      ["finished", "new"],
      ["cancelled", undefined],
    ]);
  }));

Deno.test("whoever is to stop waits for none of them any longer", () =>
  inQueue(async (queue) => {
    let looks = 0;
    const ends = new JobEnds({
      queue,
      say: () => {},
      rest: () => ++looks > 3 ? Promise.reject(new Interrupted("stop")) : rest(),
    });
    const awaited = ["a", "b"].map((id) => ends.await(jobOf(id)));
    for (const one of await Promise.allSettled(awaited)) {
      await assertRejects(
        () => one.status === "rejected" ? Promise.reject(one.reason) : Promise.resolve(),
        Interrupted,
      );
    }
  }));
