import { assertEquals, assertRejects } from "@std/assert";
import { writeTracked } from "../../src/cli/tracked_runs.ts";
import { RunError } from "../../src/run/mod.ts";
import { comparedRun } from "../report/_compared_runs.ts";
import { inFolder } from "../run/_folder.ts";
import { writeFinished } from "./_finished_runs.ts";

Deno.test("writeTracked() gives each run a folder for TensorBoard, all one file for Optuna, the same again", () =>
  inFolder(async (folder) => {
    const runs = [comparedRun("a"), comparedRun("b"), { ...comparedRun("c"), name: "../../c/d" }];
    const path = `${folder}/tb`;
    const name = "events.out.tfevents.1795910400.rootstock";
    const expected = [`${path}/a/${name}`, `${path}/b/${name}`, `${path}/c/d/${name}`];
    for (const _ of [1, 2]) assertEquals(await writeTracked(runs, { to: "tensorboard", path }), expected);
    assertEquals((await Array.fromAsync(Deno.readDir(`${path}/a`))).length, 1);
    const file = `${folder}/study.log`;
    for (const _ of [1, 2]) assertEquals(await writeTracked(runs, { to: "optuna", path: file }), [file]);
    assertEquals((await Deno.readTextFile(file)).split("\n").length, 2 + runs.length + 1);
  }));

Deno.test("writeTracked() refuses a run in the place of the target, and a file for a folder", () =>
  inFolder(async (folder) => {
    const run = await writeFinished(`${folder}/run`);
    const runs = [comparedRun("a")];
    const refuses = (to: "tensorboard" | "optuna", path: string, words: string) =>
      assertRejects(() => writeTracked(runs, { to, path }), RunError, words);
    await refuses("tensorboard", run, "it is a run");
    await refuses("optuna", run, "it is a run");
    await refuses("optuna", folder, "it is a folder, expected a file or nothing");
    await refuses("tensorboard", `${run}/config.json`, "it is a file, expected a folder or nothing");
  }));
