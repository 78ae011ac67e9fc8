import { assertEquals } from "@std/assert";
import { runTrial, type TrialOptions } from "../../src/sweep/run_trial.ts";
import { DamagedObject, type ResultStore, StoreTrouble } from "../../src/store/mod.ts";
import { storeOf } from "./_store.ts";

// What trials come to is tested by tests/cli/commands/sweep_test.ts, which runs them.

const JOB = { id: "t1", kind: "trial", payload: { command: "search", settings: {}, inputs: {}, version: "0" } };

/** Runs a trial that would never begin, with a store that answers as told. */
async function runWith(
  get: ResultStore["get"],
  { place, prepare, check = () => Promise.resolve("it is never begun"), before = () => [] }: {
    place?: string;
    prepare?: (out: string) => Promise<void>;
    check?: TrialOptions["check"];
    before?: TrialOptions["launch"]["before"];
  } = {},
) {
  const out = await Deno.makeTempDir();
  await prepare?.(out);
  const options: TrialOptions = {
    out,
    store: { ...storeOf(new Map()), get },
    saveSeconds: 60,
    threads: 1,
    launch: { before, env: {} },
    check,
    lookSeconds: 60,
    peers: () => Promise.resolve([]),
  };
  const context = { attempt: 1, signal: new AbortController().signal, progress() {} };
  try {
    return await runTrial({ ...JOB, payload: { ...JOB.payload, place } }, context, options);
  } finally {
    await Deno.remove(out, { recursive: true });
  }
}

Deno.test("a store that cannot be reached has the trial given back, and is no failure of it", async () => {
  const end = await runWith(() => Promise.reject(new StoreTrouble("Cannot reach store s3://results")));
  assertEquals(end, { type: "give back", trouble: "Cannot reach store s3://results" });
});

Deno.test("what a store has that is damaged is a failure, which somebody must look at", async () => {
  let message = "";
  await runWith(() => Promise.reject(new DamagedObject("Cannot use s3://results/trials/t1.tar"))).catch((error) =>
    message = error.message
  );
  assertEquals(message, "Cannot use s3://results/trials/t1.tar");
  const end = await runWith(() => Promise.resolve(undefined));
  assertEquals(end, { type: "fail", failure: { message: "it is never begun", log: "" } });
});

Deno.test("with a store the run of another comparison at the same place is none of this trial", async () => {
  const place = "digits/scratch/seed-0";
  const prepare = async (out: string) => {
    await Deno.mkdir(`${out}/${place}`, { recursive: true });
    await Deno.writeTextFile(`${out}/${place}/result.json`, "{}");
  };
  const end = await runWith(() => Promise.resolve(undefined), { place, prepare });
  assertEquals(end, { type: "fail", failure: { message: "it is never begun", log: "" } });
});

Deno.test("what a trial reads is looked at again after it: what was replaced meanwhile gives no result", async () => {
  const answers = [undefined, "target is not the same"];
  const before = () => ["eval", "Deno.exit(0)"];
  const end = await runWith(() => Promise.resolve(undefined), {
    check: () => Promise.resolve(answers.shift()),
    before,
  });
  assertEquals(end, { type: "fail", failure: { message: "target is not the same", log: "" } });
});
