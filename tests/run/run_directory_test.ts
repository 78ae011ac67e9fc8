import { assert, assertEquals, assertRejects } from "@std/assert";
import { join } from "node:path";
import type { TensorLike } from "../../src/formats/mod.ts";
import { openRun, RunDirectory, RunError, type RunOptions } from "../../src/run/mod.ts";
import { inFolder } from "./_folder.ts";

const OPTIONS: RunOptions = { command: "search", configuration: { epochs: 5 }, resume: false };
const RESUME: RunOptions = { ...OPTIONS, resume: true };

function tensors(value: number): Map<string, TensorLike> {
  return new Map([["x", { shape: [1], data: Float32Array.of(value) }]]);
}

Deno.test("RunDirectory goes on from its last checkpoint and forgets the events after it", () =>
  inFolder(async (folder) => {
    const path = join(folder, "deep", "run");
    {
      await using run = await RunDirectory.open(path, OPTIONS);
      assertEquals(run.isResumed, false);
      await run.event({ epoch: 0 });
      await run.saveCheckpoint({ tensors: tensors(1), progress: { epoch: 1 } });
      await run.event({ epoch: 1 });
    }
    await using run = await RunDirectory.open(path, RESUME);
    assertEquals(run.isResumed, true);
    assertEquals((await run.events()).length, 2);
    assertEquals(await run.loadCheckpoint(), { tensors: tensors(1), progress: { epoch: 1 } });
    assertEquals(await run.events(), [{ epoch: 0 }]);
    assertEquals(await run.result(), undefined);
  }));

Deno.test("RunDirectory without a checkpoint starts over with an empty history", () =>
  inFolder(async (folder) => {
    {
      await using run = await RunDirectory.open(folder, RESUME);
      assertEquals(run.isResumed, false);
      await run.event({ epoch: 0 });
    }
    await using run = await RunDirectory.open(folder, RESUME);
    assertEquals(await run.loadCheckpoint(), undefined);
    assertEquals(await run.events(), []);
  }));

Deno.test("RunDirectory.open() refuses a folder that holds a run, unless told to resume it", () =>
  inFolder(async (folder) => {
    await (await RunDirectory.open(folder, OPTIONS)).close();
    await assertRejects(() => RunDirectory.open(folder, OPTIONS), RunError, "--resume");
    const other = { ...RESUME, configuration: { epochs: 6 } };
    await assertRejects(() => RunDirectory.open(folder, other), RunError, "epochs is 6, expected 5");
    const named = { ...other, nameOf: (path: string) => `--${path}` };
    await assertRejects(() => RunDirectory.open(folder, named), RunError, "--epochs is 6, expected 5");
    await assertRejects(() => RunDirectory.open(folder, { ...RESUME, command: "train" }), RunError, "a run of search");
    await (await RunDirectory.open(folder, RESUME)).close();
  }));

Deno.test("RunDirectory.open() refuses a folder with other files and leaves it as it was", () =>
  inFolder(async (folder) => {
    await Deno.writeTextFile(join(folder, "thesis.tex"), "");
    for (const options of [OPTIONS, RESUME]) {
      await assertRejects(() => RunDirectory.open(folder, options), RunError, "found thesis.tex");
    }
    assertEquals((await Array.fromAsync(Deno.readDir(folder))).length, 1);
  }));

Deno.test("RunDirectory.open() refuses a folder in use, a file, and a path that cannot be made", () =>
  inFolder(async (folder) => {
    const path = join(folder, "run");
    await using run = await RunDirectory.open(path, OPTIONS);
    await assertRejects(() => RunDirectory.open(path, RESUME), RunError, `held by process ${Deno.pid}`);
    await run.writeText("note.txt", "x");
    for (const target of ["note.txt", "note.txt/run"]) {
      const error = await assertRejects(() => RunDirectory.open(join(path, target), OPTIONS), RunError) as Error;
      assert(error.message.startsWith("Cannot make folder"), error.message);
    }
  }));

Deno.test("RunDirectory.open() removes what a killed process left behind", () =>
  inFolder(async (folder) => {
    await Deno.writeTextFile(join(folder, ".config.json.0123456789ab.tmp"), "{");
    await Deno.writeTextFile(join(folder, "lock"), "1\n");
    await (await RunDirectory.open(folder, OPTIONS)).close();
    const names = (await Array.fromAsync(Deno.readDir(folder), ({ name }) => name)).sort();
    assertEquals(names, ["config.json", "events.jsonl"]);
  }));

Deno.test("RunDirectory writes files by plain names only", () =>
  inFolder(async (folder) => {
    await using run = await RunDirectory.open(folder, OPTIONS);
    for (const name of ["", ".", "..", "../x", "a/b"]) {
      await assertRejects(() => run.writeText(name, "x"), RangeError, "expected the name of a file");
    }
  }));

Deno.test("openRun() reads what a run wrote", () =>
  inFolder(async (folder) => {
    await assertRejects(() => openRun(folder), RunError, "found no config.json");
    await using run = await RunDirectory.open(folder, OPTIONS);
    const early = await openRun(folder);
    assertEquals([early.command, early.configuration, early.result], ["search", { epochs: 5 }, undefined]);
    await run.event({ epoch: 0 });
    await run.writeGenotype({ normal: [] });
    await run.writeTensors("network.safetensors", tensors(2));
    await run.writeResult({ testAccuracy: 0.9 });
    const late = await openRun(folder);
    assertEquals([late.genotype, late.result], [{ normal: [] }, { testAccuracy: 0.9 }]);
    assertEquals(await late.tensors("network.safetensors"), tensors(2));
    assertEquals(await late.events(), [{ epoch: 0 }]);
    await assertRejects(() => late.tensors("other.safetensors"), RunError, "other.safetensors: found no such file");
  }));

Deno.test("RunDirectory.discard() takes away what is of no worth, with the folders that were made for it", () =>
  inFolder(async (folder) => {
    const path = join(folder, "deep", "er", "run");
    const names = async () => (await Array.fromAsync(Deno.readDir(folder), ({ name }) => name)).sort();
    const attempt = async (work: (run: RunDirectory) => Promise<unknown>, options = {}) => {
      await using run = await RunDirectory.open(path, OPTIONS);
      await work(run);
      await run.discard(options);
    };
    await attempt(() => Promise.resolve());
    assertEquals(await names(), []);
    await attempt((run) => run.writeText("source.json", "{}"));
    assertEquals(await names(), []);
    // A run within the run that came no further is of no worth either.
    await attempt(async () => await (await RunDirectory.open(join(path, "inner"), OPTIONS)).close());
    assertEquals(await names(), []);
    const begin = async (run: RunDirectory) => {
      await run.event({ epoch: 0 });
      await run.saveCheckpoint({ tensors: tensors(1), progress: {} });
    };
    await attempt(begin, { isRefused: true });
    assertEquals(await names(), []);
    await attempt(begin);
    assertEquals((await openRun(path)).command, "search");
  }));

Deno.test("RunDirectory.open() that fails leaves no folder behind", () =>
  inFolder(async (folder) => {
    await Deno.writeTextFile(join(folder, "file"), "");
    await assertRejects(() => RunDirectory.open(join(folder, "file", "run"), OPTIONS), RunError, "Cannot make folder");
    const broken = {
      ...OPTIONS,
      configuration: {
        toJSON: () => {
          throw new RunError("broken");
        },
      },
    };
    await assertRejects(() => RunDirectory.open(join(folder, "deep", "run"), broken), RunError, "broken");
    assertEquals(await Array.fromAsync(Deno.readDir(folder), ({ name }) => name), ["file"]);
  }));
