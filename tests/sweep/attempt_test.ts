import { assert, assertEquals, assertRejects } from "@std/assert";
import { TrialFolders } from "../../src/sweep/attempt.ts";
import { RunError } from "../../src/run/mod.ts";

async function inStore(test: (folders: TrialFolders, out: string) => Promise<void>) {
  const out = await Deno.makeTempDir();
  try {
    await test(new TrialFolders(out, { id: "t1" }), out);
  } finally {
    await Deno.remove(out, { recursive: true });
  }
}

async function writeAll(folder: string, files: Readonly<Record<string, string>>) {
  for (const [name, text] of Object.entries(files)) await Deno.writeTextFile(`${folder}/${name}`, text);
}

Deno.test("an attempt goes on from the last one that had begun, without its lock", () =>
  inStore(async (folders) => {
    const first = await folders.begin(1);
    await Deno.mkdir(`${first}/arm`);
    await writeAll(first, { "config.json": "{}", "checkpoint.safetensors": "c", lock: "7", ".a.0123456789ab.tmp": "" });
    await writeAll(`${first}/arm`, { "config.json": "arm" });
    await folders.begin(2);
    const third = await folders.begin(3);
    const names = (await Array.fromAsync(Deno.readDir(third), ({ name }) => name)).sort();
    assertEquals(names, ["arm", "checkpoint.safetensors", "config.json"]);
    assertEquals(await Deno.readTextFile(`${third}/arm/config.json`), "arm");
  }));

Deno.test("the first finished attempt takes the trial's place, the next one finds it there", () =>
  inStore(async (folders) => {
    const [first, second] = [await folders.begin(1), await folders.begin(2)];
    await assertRejects(() => folders.publish(1), RunError, "found no result.json");
    assertEquals(await folders.result(), undefined);
    await writeAll(first, { "result.json": "1", "report.html": `<a>${first}</a>` });
    await writeAll(second, { "result.json": "2" });
    await folders.publish(1);
    await folders.publish(2);
    assertEquals(await folders.result(), 1);
    assertEquals(await Deno.readTextFile(`${folders.finished}/report.html`), `<a>${folders.finished}</a>`);
    await folders.clear(2);
    await assertRejects(() => Deno.stat(second), Deno.errors.NotFound);
  }));

Deno.test("a run of a comparison is moved to its place there", () =>
  inStore(async (_, out) => {
    const folders = new TrialFolders(out, { id: "t2", place: "digits/scratch/seed-0" });
    await writeAll(await folders.begin(1), { "result.json": "3" });
    await folders.publish(1);
    assertEquals(await Deno.readTextFile(`${out}/digits/scratch/seed-0/result.json`), "3");
  }));

Deno.test("what a failed attempt said is kept", () =>
  inStore(async (folders, out) => {
    await folders.writeLog(2, "no luck\n");
    assertEquals(await Deno.readTextFile(`${out}/logs/t1.2.log`), "no luck\n");
    assert(folders.log(2).startsWith(out));
  }));
