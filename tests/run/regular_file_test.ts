import { assert, assertEquals, assertRejects, assertStringIncludes } from "@std/assert";
import { join } from "node:path";
import { EventLog } from "../../src/run/events.ts";
import { Lock } from "../../src/run/lock.ts";
import { openRun, readJson, RunDirectory, RunError } from "../../src/run/mod.ts";
import { openInPlace, readRegularFile, readRegularText } from "../../src/run/regular_file.ts";
import { inFolder } from "./_folder.ts";
import { forEachTrap, makeHardLink, makeLink } from "./_traps.ts";

/** Whatever stands there is refused by one line, soon. */
async function assertRefused(attempt: () => Promise<unknown>, path: string, word: string): Promise<void> {
  const startedAt = performance.now();
  const { message } = await assertRejects(attempt, RunError) as Error;
  assertStringIncludes(message, path);
  assertStringIncludes(message, word);
  assert(!message.includes("\n"));
  assert(performance.now() - startedAt < 1000, `${message} took ${performance.now() - startedAt} ms`);
}

Deno.test("readRegularFile() reads a file, a link to one, and nothing where there is none", () =>
  inFolder(async (folder) => {
    const [file, link] = [join(folder, "file"), join(folder, "link")];
    const options = { maximumBytes: 5 };
    assertEquals(await readRegularFile(file, options), undefined);
    await makeLink(file, link);
    assertEquals(await readRegularFile(link, options), undefined);
    for (const text of ["", "abcde"]) {
      await Deno.writeTextFile(file, text);
      assertEquals(await readRegularText(file, options), text);
      assertEquals(await readRegularText(link, options), text);
    }
    assertEquals(await readRegularFile(join(file, "inside"), options), undefined);
    await Deno.writeTextFile(file, "abcdef");
    await assertRefused(() => readRegularFile(file, options), file, "it has 6 bytes, expected at most 5");
  }));

Deno.test("readRegularFile() refuses pipes, devices, folders and endless files at once", () =>
  inFolder(async (folder) => {
    const path = join(folder, "file");
    await forEachTrap(path, async (word) => {
      await assertRefused(() => readRegularFile(path, { maximumBytes: 2 ** 30 }), path, word);
      await assertRefused(() => readJson(path), path, word);
    });
  }));

Deno.test("a run refuses pipes, devices and endless files in place of each of its files", () =>
  inFolder(async (folder) => {
    const path = join(folder, "run");
    const options = { command: "search", configuration: { epochs: 5 }, resume: true };
    await (await RunDirectory.open(path, options)).close();
    const attempts: Record<string, () => Promise<unknown>> = {
      "config.json": () => RunDirectory.open(path, options),
      "checkpoint.safetensors": async () => {
        await using run = await RunDirectory.open(path, options);
        await run.loadCheckpoint();
      },
      "result.json": () => openRun(path),
      "genotype.json": () => openRun(path),
      "network.safetensors": async () => await (await openRun(path)).tensors("network.safetensors"),
      "events.jsonl": async () => await (await openRun(path)).events(),
    };
    for (const [name, attempt] of Object.entries(attempts)) {
      const file = join(path, name);
      const kept = await Deno.readFile(file).catch(() => undefined);
      if (kept) await Deno.remove(file);
      await forEachTrap(file, (word) => assertRefused(attempt, file, word));
      if (kept) await Deno.writeFile(file, kept);
    }
  }));

Deno.test("openInPlace() makes a file, and opens it again with its content", () =>
  inFolder(async (folder) => {
    const path = join(folder, "file");
    using made = await openInPlace(path);
    await made.write(Uint8Array.of(7));
    using opened = await openInPlace(path);
    const byte = new Uint8Array(1);
    assertEquals([await opened.read(byte), byte[0]], [1, 7]);
  }));

Deno.test("Lock, EventLog and RunDirectory follow no link, and leave what it leads to as it was", () =>
  inFolder(async (folder) => {
    const [victim, path] = [join(folder, "victim"), join(folder, "run")];
    const options = { command: "search", configuration: {}, resume: true };
    await (await RunDirectory.open(path, options)).close();
    await Deno.remove(join(path, "events.jsonl"));
    await Deno.writeTextFile(victim, "worth keeping, without a newline");
    for (const link of [makeLink, makeHardLink]) {
      for (const name of ["lock", "events.jsonl"]) {
        const file = join(path, name);
        await link(victim, file);
        const word = link === makeHardLink ? "it has 2 names" : "it is a link";
        await assertRefused(() => openInPlace(file), file, word);
        await assertRefused(() => name === "lock" ? Lock.take(file) : EventLog.open(file), file, word);
        await assertRefused(() => RunDirectory.open(path, options), file, word);
        assertEquals(await Deno.readTextFile(victim), "worth keeping, without a newline");
        await Deno.remove(file);
      }
    }
  }));

Deno.test("a link that leads nowhere makes no file where it points to", () =>
  inFolder(async (folder) => {
    await makeLink(join(folder, "nowhere"), join(folder, "lock"));
    await assertRefused(() => Lock.take(join(folder, "lock")), join(folder, "lock"), "it is a link");
    assertEquals(await Array.fromAsync(Deno.readDir(folder), ({ name }) => name), ["lock"]);
  }));

Deno.test("writing a file that is a link replaces the link, not what it leads to", () =>
  inFolder(async (folder) => {
    const [victim, path] = [join(folder, "victim"), join(folder, "run")];
    await Deno.writeTextFile(victim, "worth keeping");
    await using run = await RunDirectory.open(path, { command: "search", configuration: {}, resume: true });
    for (const name of ["result.json", "genotype.json", "checkpoint.safetensors", "report.html"]) {
      await makeLink(victim, join(path, name));
    }
    await run.saveCheckpoint({ tensors: new Map(), progress: {} });
    await run.writeGenotype({});
    await run.writeText("report.html", "page");
    await run.writeResult({});
    assertEquals(await Deno.readTextFile(victim), "worth keeping");
  }));
