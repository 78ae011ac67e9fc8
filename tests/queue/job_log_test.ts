import { assert, assertEquals, assertRejects } from "@std/assert";
import { JobLog, summariseJob } from "../../src/queue/job_log.ts";
import { RunError } from "../../src/run/mod.ts";

const JOB = { id: "t1", kind: "trial", payload: null };

Deno.test("of two decisions upon the same state one is refused", async () => {
  const folder = await Deno.makeTempDir();
  try {
    const [a, b] = [new JobLog(`${folder}/t1`), new JobLog(`${folder}/t1`)];
    assert(await a.append({ type: "enqueue", job: JOB }, 0));
    assertEquals((await b.read()).length, 1);
    const told = await Promise.all([
      a.append({ type: "claim", worker: "a" }, 1),
      b.append({ type: "claim", worker: "b" }, 1),
    ]);
    assertEquals(told.filter((isMine) => isMine).length, 1);
    assertEquals(await a.read(), await b.read());
    const names = await Array.fromAsync(Deno.readDir(`${folder}/t1`), ({ name }) => name);
    assertEquals(names.sort(), ["0.json", "1.json"]);
    // Several workers of a process share what they have read.
    const shared = new JobLog(`${folder}/t1`);
    const both = await Promise.all(["c", "d"].map(async (worker) => {
      await shared.read();
      return await shared.append({ type: "claim", worker }, 2);
    }));
    assertEquals([both.filter((isMine) => isMine).length, (await shared.read()).length], [1, 3]);
    await a.read();
    await Deno.writeTextFile(`${folder}/t1/3.json`, "{");
    await assertRejects(() => a.read(), RunError, "it is not JSON");
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
});

Deno.test("what happened sums up to where a job stands", () => {
  const claim = { nonce: "n", type: "claim", worker: "anna" } as const;
  const fail = { nonce: "n", type: "fail", failure: { message: "no", log: "" } } as const;
  const limits = { mostFailures: 2, mostLosses: 5 };
  const stateOf = (...entries: Parameters<typeof summariseJob>[0]) =>
    summariseJob([{ nonce: "n", type: "enqueue", job: JOB }, ...entries], limits)?.state;
  assertEquals(summariseJob([], limits), undefined);
  assertEquals(stateOf(), "waiting");
  assertEquals(stateOf(claim), "running");
  assertEquals(stateOf(claim, fail), "waiting");
  assertEquals(stateOf(claim, fail, claim, fail), "failed");
  assertEquals(stateOf(claim, fail, claim, fail, { nonce: "n", type: "retry" }, claim, fail), "waiting");
  assertEquals(stateOf(claim, { nonce: "n", type: "finish", outcome: 1 }), "finished");
});
