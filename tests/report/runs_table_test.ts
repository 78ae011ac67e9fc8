import { assertEquals } from "@std/assert";
import { type RunSummary, summariseRun, tabulateRuns } from "../../src/report/mod.ts";
import { listRuns, RunDirectory } from "../../src/run/mod.ts";
import { TRANSFER } from "./_run_result.ts";

Deno.test("summariseRun() tells of a result, or of the history so far", async () => {
  const folder = await Deno.makeTempDir();
  try {
    const summary = async (work: (run: RunDirectory) => Promise<void>) => {
      const configuration = { target: "runs/data/x" };
      const path = await Deno.makeTempDir({ dir: folder });
      {
        await using run = await RunDirectory.open(path, { command: "transfer", configuration, resume: false });
        await work(run);
      }
      const { runs } = await listRuns(folder);
      const { data, accuracy, images, parameters, seconds } = await summariseRun(
        runs.find((run) => run.path === path)!,
      );
      return [data, accuracy, images, parameters, seconds];
    };
    assertEquals(await summary((run) => run.writeResult(TRANSFER)), ["runs/data/x", 0.976, "test", 50_450, 64.2]);
    const demo = { command: "demo", target: "x", source: "y", seed: 0, seconds: 9, arms: ["transfer", "scratch"] };
    const arms = demo.arms.map((arm) => ({ arm, result: TRANSFER }));
    assertEquals((await summary((run) => run.writeResult({ ...demo, arms }))).slice(1), [0.976, "test", 50_450, 9]);
    assertEquals((await summary((run) => run.writeResult({ seconds: 7 }))).slice(1), [
      undefined,
      undefined,
      undefined,
      7,
    ]);
    const event = { type: "epoch", epoch: 1, seconds: 5, validAccuracy: 0.5 };
    assertEquals((await summary((run) => run.event(event))).slice(1), [0.5, "held-out", undefined, 5]);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
});

Deno.test("tabulateRuns() leaves empty what is not known", () => {
  const run: RunSummary = { path: "runs/a", command: "compare", state: "begun", touchedAt: 1000 };
  const full: RunSummary = { ...run, data: "x/y", accuracy: 0.5, images: "test", parameters: 1234, seconds: 61 };
  assertEquals(tabulateRuns([run, full], 91_000).slice(1), [
    ["runs/a", "compare", "", "begun", "", "", "", "", "1 min 30 s"],
    ["runs/a", "compare", "y", "begun", "50.0 %", "test", "1,234", "1 min 01 s", "1 min 30 s"],
  ]);
});
