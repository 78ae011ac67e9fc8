import { assertEquals, assertNotEquals, assertThrows } from "@std/assert";
import { DEFAULT_SEARCH } from "../../src/stages/mod.ts";
import { isJobId } from "../../src/queue/mod.ts";
import { jobOfPart, partOfJob, ROUND_KIND, type RoundPart } from "../../src/rounds/mod.ts";

const PART: RoundPart = {
  round: 1,
  worker: 2,
  workers: 3,
  state: "abc",
  setting: {
    version: "1",
    build: "strict",
    data: ["uci-digits"],
    fingerprint: "f",
    images: {},
    search: DEFAULT_SEARCH,
    trainPortion: 0.5,
    seed: 0,
  },
};

Deno.test("jobOfPart() names a job by all that its outcome depends on, and by the run", async () => {
  const job = await jobOfPart(PART, "run");
  assertEquals([isJobId(job.id), job.kind, partOfJob(job)], [true, ROUND_KIND, PART]);
  assertEquals((await jobOfPart(structuredClone(PART), "run")).id, job.id);
  for (
    const other of [{ ...PART, worker: 1 }, { ...PART, state: "abd" }, {
      ...PART,
      setting: { ...PART.setting, seed: 1 },
    }]
  ) {
    assertNotEquals((await jobOfPart(other, "run")).id, job.id);
  }
  assertNotEquals((await jobOfPart(PART, "another run")).id, job.id);
});

Deno.test("partOfJob() refuses what is no part of a round, and says which property", () => {
  const job = (payload: unknown) => ({ id: "r1", kind: ROUND_KIND, payload });
  const refused: [unknown, string][] = [
    [null, "expected an object"],
    [{ ...PART, worker: 3 }, "worker is 3, expected a whole number from 0 to 2"],
    [{ ...PART, round: -1 }, "round is -1"],
    [{ ...PART, setting: { ...PART.setting, build: "quick" } }, "setting.build"],
    [{ ...PART, setting: { ...PART.setting, data: [] } }, "setting.data"],
  ];
  for (const [payload, words] of refused) assertThrows(() => partOfJob(job(payload)), Error, words);
});
