import { assert, assertEquals } from "@std/assert";
import { FolderQueue } from "../../src/queue/folder_queue.ts";
import { DEFAULT_QUEUE, type Queue } from "../../src/queue/queue.ts";
import { type JobHandler, work } from "../../src/queue/work.ts";

const JOB = { id: "t1", kind: "trial", payload: 3 };

async function withQueue(test: (queue: Queue) => Promise<void>) {
  const folder = await Deno.makeTempDir();
  try {
    await test(new FolderQueue(folder, DEFAULT_QUEUE));
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}

/** Works until nothing is left to claim, or is told to stop. */
async function workOnce(queue: Queue, handler: JobHandler, stop = new AbortController()) {
  const said: string[] = [];
  await work(queue, {
    name: "anna",
    handlers: { trial: handler },
    signal: stop.signal,
    renewSeconds: 0.02,
    idleSeconds: 0.01,
    isDone: () => Promise.resolve(true),
    say: (line) => said.push(line),
  });
  return said;
}

Deno.test("a worker does what waits, tells how far it is, and ends when nothing is left", () =>
  withQueue(async (queue) => {
    await queue.enqueue([JOB]);
    await workOnce(queue, ({ payload }, { attempt, progress }) => {
      progress({ half: true });
      return Promise.resolve({ type: "finish", outcome: [payload, attempt] });
    });
    assertEquals((await queue.list())[0]!.outcome, [3, 1]);
  }));

Deno.test("an error of the work is a failure, and after the third the job is set aside with it", () =>
  withQueue(async (queue) => {
    await queue.enqueue([JOB, { ...JOB, id: "t2", kind: "dance" }]);
    await workOnce(queue, () => Promise.reject(new Error("no luck")));
    const [failed, unknown] = await queue.list(["t1", "t2"]);
    assertEquals([failed!.state, failed!.attempts, failed!.failure!.message], ["failed", 3, "no luck"]);
    assertEquals(unknown!.failure!.message, `anna knows no jobs of kind "dance"`);
  }));

Deno.test("a worker that is told to stop gives its job back", () =>
  withQueue(async (queue) => {
    await queue.enqueue([JOB]);
    const stop = new AbortController();
    await workOnce(queue, (_, { signal }) => {
      stop.abort();
      assert(signal.aborted);
      return Promise.resolve({ type: "give back" });
    }, stop);
    assertEquals((await queue.list())[0]!.state, "waiting");
  }));

Deno.test("work on a job that was cancelled is stopped, and what it came to is dropped", () =>
  withQueue(async (queue) => {
    await queue.enqueue([JOB]);
    const said = await workOnce(queue, async (_, { signal }) => {
      await queue.cancel(["t1"]);
      // The loss may have been noticed before the answer to the call was.
      if (!signal.aborted) await new Promise((resolve) => signal.addEventListener("abort", resolve));
      return { type: "finish", outcome: "late" };
    });
    assertEquals([(await queue.list())[0]!.state, said.at(-1)], [
      "cancelled",
      "anna: t1 is no longer this worker's, what it did is dropped",
    ]);
  }));

Deno.test("a queue that cannot be reached for a while is waited out", () =>
  withQueue(async (queue) => {
    await queue.enqueue([JOB]);
    let refusals = 1;
    const claim = queue.claim.bind(queue);
    queue.claim = (name) => refusals-- > 0 ? Promise.reject(new Error("no connection")) : claim(name);
    const said = await workOnce(queue, () => Promise.resolve({ type: "finish", outcome: 1 }));
    assertEquals(said[0], "anna: no connection; goes on in 1 s");
    assertEquals((await queue.list())[0]!.state, "finished");
  }));
