import { assertEquals, assertRejects } from "@std/assert";
import { RoundFiles, RoundWorker } from "../../src/rounds/mod.ts";
import { partOfJob } from "../../src/rounds/mod.ts";
import type { Job, JobHandler } from "../../src/queue/mod.ts";
import { inRounds, runRounds } from "./_rounds.ts";

Deno.test("RoundWorker refuses another version, other data and another folder, and gives back what is stopped", () =>
  inRounds(async (folder, data) => {
    const out = `${folder}/run`;
    let job: Job | undefined;
    const watching = (run: JobHandler): JobHandler => async (seen, context) => {
      if (job === undefined) {
        job = seen;
        const stopped = { ...context, signal: AbortSignal.abort() };
        assertEquals(await run(seen, stopped), { type: "give back" });
        const part = partOfJob(seen);
        const changed = (changes: object) => ({
          ...seen,
          payload: { ...part, setting: { ...part.setting, ...changes } },
        });
        await assertRejects(
          () => run(changed({ version: "1" }), context),
          Error,
          "it is of version 1, this worker's is 0",
        );
        await assertRejects(() => run(changed({ fingerprint: "f".repeat(64) }), context), Error, "fingerprint");
        const elsewhere = new RoundWorker({ out: `${folder}/other`, threads: 1, version: "0" });
        await assertRejects(() => elsewhere.run(seen, context), Error, "expected the --out of its pretraining");
        await elsewhere.close();
      }
      return await run(seen, context);
    };
    const options = { rounds: { count: 1, workers: 1 } };
    const { curve } = await runRounds(out, data, { options, around: watching });
    assertEquals(curve[0]!.round!.tookPart, [0]);
    assertEquals(await new RoundFiles(out).load(new RoundFiles(out).state(0)), undefined, "removed in the end");
  }));
