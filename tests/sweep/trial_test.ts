import { assertEquals, assertMatch, assertThrows } from "@std/assert";
import { argumentsOf, jobOfTrial, makeTrial, trialOfJob } from "../../src/sweep/trial.ts";
import { isJobId } from "../../src/queue/mod.ts";
import { RunError } from "../../src/run/mod.ts";

const PARTS = {
  command: "search",
  settings: { data: "uci-digits", seed: 1 },
  canonical: { data: "uci-digits", seed: 1 },
  inputs: { "data uci-digits": "abc" },
  version: "1",
};

Deno.test("equal trials have the same id, others have not", async () => {
  const { id } = await makeTrial(PARTS);
  assertMatch(id, /^t[0-9a-f]{20}$/);
  assertEquals(isJobId(id), true);
  assertEquals((await makeTrial({ ...PARTS, canonical: { seed: 1, data: "uci-digits" } })).id, id);
  const halving = { metric: "validAccuracy", from: 1, factor: 3, study: "t0" };
  const others = [
    { command: "train" },
    { canonical: { ...PARTS.canonical, seed: 2 } },
    { inputs: { "data uci-digits": "abd" } },
    { version: "2" },
    { halving },
    { place: "digits/scratch/seed-1" },
    { place: "digits/selected/seed-1" },
  ];
  const ids = await Promise.all(others.map(async (other) => (await makeTrial({ ...PARTS, ...other })).id));
  assertEquals(new Set([id, ...ids]).size, others.length + 1);
});

Deno.test("a trial is a job and back, and what is none is refused", async () => {
  const trial = await makeTrial({ ...PARTS, place: "more-digits.zip/from-a_b/seed-12" });
  assertEquals(trialOfJob(JSON.parse(JSON.stringify(jobOfTrial(trial)))), trial);
  const payload = jobOfTrial(trial).payload as object;
  const refused = [
    null,
    { ...payload, command: "search --out /etc" },
    { ...payload, settings: { "out=/etc": 1 } },
    { ...payload, settings: { data: { a: 1 } } },
    ...["../scratch/seed-1", "digits/../seed-1", "/etc/x/seed-1", "queue/jobs", "a/b/c/seed-1", "a/b/seed-1/.."].map((
      place,
    ) => ({
      ...payload,
      place,
    })),
  ];
  for (const one of refused) {
    assertThrows(() => trialOfJob({ id: "t1", kind: "trial", payload: one }), RunError, "job t1");
  }
});

Deno.test("settings become flags, each one argument", () => {
  const settings = { alphaLearningRate: -0.5, target: ["a b", "c"], nested: true, quiet: false, data: "--out=/etc" };
  assertEquals(argumentsOf({ command: "zoo sign", settings }), [
    "zoo",
    "sign",
    "--alpha-learning-rate=-0.5",
    "--target=a b,c",
    "--nested",
    "--data=--out=/etc",
  ]);
});
