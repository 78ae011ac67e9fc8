import { assertEquals, assertRejects } from "@std/assert";
import { join } from "node:path";
import { listRuns, RunDirectory, RunError } from "../../src/run/mod.ts";
import { inFolder } from "./_folder.ts";

const OPTIONS = { command: "count", configuration: {}, resume: false };

async function touch(path: string, seconds: number): Promise<void> {
  for (const name of ["config.json", "events.jsonl"]) await Deno.utime(join(path, name), seconds, seconds);
}

Deno.test("listRuns() tells how far each run is, the latest first", () =>
  inFolder(async (folder) => {
    const make = async (name: string, work: (run: RunDirectory) => Promise<void>) => {
      const path = join(folder, name);
      await using run = await RunDirectory.open(path, OPTIONS);
      await work(run);
      return path;
    };
    await touch(await make("begun", async () => {}), 1000);
    await make("group/stopped", (run) => run.saveCheckpoint({ tensors: new Map(), progress: null }));
    await make("done", (run) => run.writeResult({}));
    await make("done/part", (run) => run.writeResult({}));
    await Deno.mkdir(join(folder, "data/a/b/c"), { recursive: true });
    await using going = await RunDirectory.open(join(folder, "going"), OPTIONS);
    await touch(going.path, 2000);
    // What a killed process leaves behind is held by nobody.
    await Deno.writeTextFile(join(folder, "begun/lock"), "1\n");

    const { runs, problems } = await listRuns(folder);
    const states = runs.map(({ path, command, state }) => `${path.slice(folder.length + 1)} ${command} ${state}`);
    assertEquals(states.slice(0, 2).sort(), ["done count finished", "group/stopped count stopped"]);
    assertEquals(states.slice(2), ["going count running", "begun count begun"]);
    assertEquals([runs[2]!.touchedAt, problems], [2_000_000, []]);
    const nested = await listRuns(folder, { isNested: true });
    assertEquals(nested.runs.length, 5);
  }));

Deno.test("listRuns() passes over what it cannot read and says so", () =>
  inFolder(async (folder) => {
    await Deno.mkdir(join(folder, "broken"));
    await Deno.writeTextFile(join(folder, "broken/config.json"), `{"format":1}`);
    const { runs, problems: [problem, ...others] } = await listRuns(folder);
    assertEquals([runs, others, problem!.includes("broken")], [[], [], true]);
    await assertRejects(() => listRuns(join(folder, "none")), RunError, "found no such folder");
  }));
