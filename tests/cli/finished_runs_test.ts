import { assert, assertEquals, assertRejects } from "@std/assert";
import { openAll, openFinished, openSeveral } from "../../src/cli/finished_runs.ts";
import { UsageError } from "../../src/cli/flags.ts";
import { RunDirectory, RunError } from "../../src/run/mod.ts";
import { TRANSFER } from "../report/_run_result.ts";
import { inFolder } from "../run/_folder.ts";
import { writeFinished } from "./_finished_runs.ts";

Deno.test("openSeveral() calls runs by the ends of their paths, or by whole paths where those are the same", () =>
  inFolder(async (folder) => {
    const [a, b, c] = [`${folder}/a`, `${folder}/b`, `${folder}/more/a`];
    for (const path of [a, b, c]) await writeFinished(path);
    const [first, second] = await openSeveral([a, b]);
    assertEquals([first!.name, second!.name, first!.configuration.seed, first!.events], ["a", "b", 1, []]);
    assert(Math.abs(first!.startedAt - Date.now()) < 600_000);
    assertEquals((await openSeveral([a, c])).map(({ name }) => name), [a, c]);
    await assertRejects(() => openSeveral([a, b, a]), UsageError, "given twice");
  }));

Deno.test("openSeveral() and openFinished() refuse what is not finished or made no network, and say what to name", () =>
  inFolder(async (folder) => {
    const arms = ["transfer", "scratch"].map((arm) => ({ arm, result: TRANSFER }));
    const demo = { command: "demo", target: "x", source: "y", seed: 0, seconds: 9, arms };
    const path = await writeFinished(`${folder}/demo`, demo);
    await assertRejects(() => openSeveral([path]), RunError, `name ${path}/transfer and ${path}/scratch`);
    await (await RunDirectory.open(`${folder}/c`, { command: "x", configuration: {}, resume: false })).close();
    await assertRejects(() => openFinished(`${folder}/c`), RunError, "--resume");
  }));

Deno.test("openAll() finds all that made a network, also within other runs", () =>
  inFolder(async (folder) => {
    await assertRejects(() => openAll(folder), RunError, "found none that is finished");
    await writeFinished(`${folder}/a`, { command: "demo" });
    await writeFinished(`${folder}/a/arm`);
    await writeFinished(`${folder}/b`);
    assertEquals((await openAll(folder)).map(({ name }) => name).sort(), ["arm", "b"]);
  }));
