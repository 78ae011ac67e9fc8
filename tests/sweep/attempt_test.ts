import { assert, assertEquals, assertRejects } from "@std/assert";
import { fetchFinished, TrialFolders } from "../../src/sweep/attempt.ts";
import { RunError } from "../../src/run/mod.ts";
import { DamagedObject, type ResultStore } from "../../src/store/mod.ts";
import { storeOf } from "./_store.ts";

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

/** Two machines that share a store and no folder. */
async function onTwoMachines(
  test: (
    machines: { here: TrialFolders; there: TrialFolders; out: string; store: ResultStore },
    objects: Map<string, Uint8Array<ArrayBuffer>>,
  ) => Promise<void>,
) {
  await inStore(async (_, out) => {
    const objects = new Map<string, Uint8Array<ArrayBuffer>>();
    const store = storeOf(objects);
    const [here, there] = ["here", "there"].map((name) => new TrialFolders(`${out}/${name}`, { id: "t1" }, store));
    await test({ here: here!, there: there!, out, store }, objects);
  });
}

Deno.test("with a store an attempt goes on from a checkpoint of another machine, and leaves nothing there", () =>
  onTwoMachines(async ({ here, there }, objects) => {
    const first = await here.begin(1);
    await here.save(1);
    await writeAll(first, { "config.json": "{}", "events.jsonl": "1\n", lock: "7" });
    await here.save(1);
    assertEquals(objects.size, 0);
    await writeAll(first, { "checkpoint.safetensors": "c" });
    await here.save(1);
    const kept = objects.get("attempts/t1.1.tar");
    await writeAll(first, { "events.jsonl": "1\n2\n" });
    await here.save(1);
    assert(objects.get("attempts/t1.1.tar") === kept, "what has no newer checkpoint is kept again");
    await writeAll(first, { "checkpoint.safetensors": "cc" });
    await here.leave(1);
    await assertRejects(() => Deno.stat(first), Deno.errors.NotFound);
    await there.begin(2);
    const third = await there.begin(3);
    assertEquals(await Deno.readTextFile(`${third}/checkpoint.safetensors`), "cc");
    assertEquals(await Deno.readTextFile(`${third}/events.jsonl`), "1\n2\n");
    await assertRejects(() => Deno.stat(`${third}/lock`), Deno.errors.NotFound);
    await there.clear(3);
    assertEquals(objects.size, 0);
  }));

Deno.test("with a store the first finished attempt is everybody's, and its page names the folder where it is", () =>
  onTwoMachines(async ({ here, there, out, store }, objects) => {
    const [first, second] = [await here.begin(1), await there.begin(2)];
    await writeAll(first, { "result.json": "1", "report.html": `<a>${first}</a>` });
    await writeAll(second, { "result.json": "2", "report.html": `<a>${second}</a>` });
    await here.publish(1);
    assertEquals(await Deno.readTextFile(`${here.finished}/report.html`), `<a>${here.finished}</a>`);
    await there.publish(2);
    assertEquals([await here.result(), await there.result()], [1, 1]);
    assertEquals(await Deno.readTextFile(`${there.finished}/report.html`), `<a>${there.finished}</a>`);
    await writeAll(await there.begin(3), { "config.json": "{}", "checkpoint.safetensors": "c" });
    await there.leave(3);
    assertEquals([...objects.keys()], ["trials/t1.tar"]);
    const trial = { id: "t1", place: "digits/scratch/seed-0", command: "", settings: {}, inputs: {}, version: "" };
    const missing = await fetchFinished([trial, { ...trial, id: "t2" }], { out: `${out}/third`, store });
    assertEquals(missing, ["s3://results/trials/t2.tar"]);
    assertEquals(await Deno.readTextFile(`${out}/third/digits/scratch/seed-0/result.json`), "1");
    assertEquals(await Array.fromAsync(Deno.readDir(`${out}/third/attempts`)), []);
  }));

Deno.test("with a store a damaged checkpoint is passed over in a line, and a damaged result is refused", () =>
  onTwoMachines(async ({ here, there }, objects) => {
    await writeAll(await here.begin(1), { "config.json": "{}", "checkpoint.safetensors": "c" });
    await here.leave(1);
    objects.set("attempts/t1.2.tar", new Uint8Array(1024));
    const said: string[] = [];
    const third = await there.begin(3, { say: (line) => said.push(line) });
    assertEquals(await Deno.readTextFile(`${third}/checkpoint.safetensors`), "c");
    assertEquals(said.length, 1);
    assert(
      said[0]!.startsWith("Cannot use s3://results/attempts/t1.2.tar: ") && said[0]!.endsWith("; goes on without it"),
    );
    objects.set("trials/t1.tar", new Uint8Array(1024));
    await assertRejects(() => there.result(), DamagedObject, "Cannot use s3://results/trials/t1.tar");
    await assertRejects(() => Deno.stat(there.finished), Deno.errors.NotFound);
  }));

Deno.test("with a store what a failed attempt said is found there", () =>
  onTwoMachines(async ({ here }, objects) => {
    await here.writeLog(2, "no luck\n");
    assertEquals(new TextDecoder().decode(objects.get("logs/t1.2.log")), "no luck\n");
    assertEquals(here.log(2), "s3://results/logs/t1.2.log");
  }));

Deno.test("with a store a finished run that is here alone is brought there, with a page that names no folder", () =>
  onTwoMachines(async ({ here, there, out }, objects) => {
    const alone = new TrialFolders(`${out}/here`, { id: "t1" });
    const first = await alone.begin(1);
    await writeAll(first, { "result.json": "1", "report.html": `<a>${first}</a>` });
    await alone.publish(1);
    await here.share();
    await here.share();
    assertEquals([...objects.keys()], ["trials/t1.tar"]);
    assertEquals(await Deno.readTextFile(`${here.finished}/report.html`), `<a>${here.finished}</a>`);
    assertEquals(await there.result(), 1);
    assertEquals(await Deno.readTextFile(`${there.finished}/report.html`), `<a>${there.finished}</a>`);
  }));

Deno.test("with a store a comparison takes the run that a worker of its folder has made", () =>
  onTwoMachines(async ({ here, out, store }, objects) => {
    const first = await here.begin(1);
    await writeAll(first, { "result.json": "1", "report.html": `<a>${first}</a>` });
    await here.publish(1);
    objects.clear();
    const compared = new TrialFolders(`${out}/here`, { id: "t1", place: "digits/scratch/seed-0" }, store);
    assertEquals(await compared.result(), 1);
    assertEquals(await Deno.readTextFile(`${compared.finished}/report.html`), `<a>${compared.finished}</a>`);
  }));
