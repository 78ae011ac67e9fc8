import { assert, assertEquals, assertMatch } from "@std/assert";
import { commandOf, ended, finish, inFaults, inNamespace, quoted, start } from "./_faults.ts";

const sleep = (milliseconds: number) => new Promise((resolve) => setTimeout(resolve, milliseconds));

/** Whether a file is there. */
async function isThere(path: string): Promise<boolean> {
  return await Deno.stat(path).then(() => true, () => false);
}

/** Bytes of all files of a folder, by name. */
async function contentOf(folder: string): Promise<Map<string, string>> {
  const content = new Map<string, string>();
  for await (const { name } of Deno.readDir(folder)) {
    content.set(name, (await Deno.readFile(`${folder}/${name}`)).toHex());
  }
  return content;
}

Deno.test("work in a folder that cannot be written says so in a line and leaves the folder as it was", () =>
  inFaults(async (folder, all) => {
    for (const kind of ["search", "transfer", "train"]) {
      const [work, out] = [all[kind]!, `${folder}/${kind}`];
      const child = start(work, out);
      while (!await isThere(`${out}/checkpoint.safetensors`)) await sleep(2);
      child.kill("SIGKILL");
      await ended(child);
      const before = await contentOf(out);
      const { code, error } = await inNamespace(`
        mount --bind '${out}' '${out}' && mount -o remount,bind,ro '${out}' || exit 77
        ${quoted(commandOf(work, out))}
      `);
      assertEquals(code, 1, error);
      assertMatch(error, /^Cannot [^\n]*the disk is read-only\n$/);
      assertEquals(await contentOf(out), before);
      assertEquals(await finish(work, out), await finish(work, `${folder}/whole-${kind}`));
    }
  }));

Deno.test("of many processes in one folder one works, the others are refused by its number", () =>
  inFaults(async (folder, all) => {
    for (const kind of ["search", "transfer", "train"]) {
      const [work, out] = [all[kind]!, `${folder}/${kind}`];
      const first = start(work, out);
      while (!await isThere(`${out}/checkpoint.safetensors`)) await sleep(2);
      const others = await Promise.all(Array.from({ length: 3 }, () => ended(start(work, out))));
      const { code, error } = await ended(first);
      assertEquals(code, 0, error);
      const refused = others.filter(({ code }) => code !== 0);
      for (const { code, error } of refused) {
        assertEquals(code, 1, error);
        assertMatch(error, new RegExp(`^Cannot work in [^\\n]*is held by process ${first.pid}\\n$`));
      }
      assert(refused.length > 0 || kind !== "transfer", "the first had ended before the others began");
      assertEquals(await finish(work, out), await finish(work, `${folder}/whole-${kind}`));
    }
  }));

Deno.test("work whose dataset is lost says so, loses nothing, and goes on when it is there again", () =>
  inFaults(async (folder, all) => {
    for (const kind of ["search", "transfer", "train"]) {
      const [work, out] = [all[kind]!, `${folder}/${kind}`];
      const [data] = work.given as [string];
      const child = start(work, out);
      while (!await isThere(`${out}/checkpoint.safetensors`)) await sleep(2);
      child.kill("SIGKILL");
      await ended(child);
      const before = await contentOf(out);
      before.delete("lock");
      await Deno.rename(data, `${data}-lost`);
      const { code, error } = await ended(start(work, out));
      assertEquals(code, 1, error);
      assertMatch(error, new RegExp(`^Cannot open dataset ${data}: [^\\n]*\\n$`));
      const after = await contentOf(out);
      // What came after the last checkpoint is kept too, until the run goes on from there.
      for (const [name, bytes] of before) if (!name.endsWith(".tmp")) assertEquals(after.get(name), bytes, name);
      await Deno.rename(`${data}-lost`, data);
      assertEquals(await finish(work, out), await finish(work, `${folder}/whole-${kind}`));
    }
  }));
