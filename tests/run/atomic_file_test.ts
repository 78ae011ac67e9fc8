import { assert, assertEquals, assertMatch, assertRejects } from "@std/assert";
import { join } from "node:path";
import { isTemporary } from "../../src/run/atomic_file.ts";
import { RunError, writeAtomic } from "../../src/run/mod.ts";
import { inFolder } from "./_folder.ts";

async function names(folder: string): Promise<string[]> {
  return (await Array.fromAsync(Deno.readDir(folder), ({ name }) => name)).sort();
}

Deno.test("writeAtomic() writes and replaces files and leaves nothing else", () =>
  inFolder(async (folder) => {
    const path = join(folder, "x.json");
    await writeAtomic(path, "old");
    await writeAtomic(path, new TextEncoder().encode("new"));
    assertEquals(await Deno.readTextFile(path), "new");
    assertEquals(await names(folder), ["x.json"]);
  }));

Deno.test("writeAtomic() shows a reader whole contents only", () =>
  inFolder(async (folder) => {
    const path = join(folder, "x");
    const contents = ["a", "b"].map((letter) => letter.repeat(1 << 20));
    await writeAtomic(path, contents[0]!);
    let isWriting = true;
    const writer = (async () => {
      for (let i = 0; i < 20; i++) await writeAtomic(path, contents[i % 2]!);
      isWriting = false;
    })();
    let reads = 0;
    while (isWriting) {
      assert(contents.includes(await Deno.readTextFile(path)), "found a mixture of contents");
      reads++;
    }
    await writer;
    assert(reads > 0);
  }));

Deno.test("writeAtomic() says in one line why a target cannot be written", () =>
  inFolder(async (folder) => {
    await Deno.writeTextFile(join(folder, "file"), "kept");
    await Deno.mkdir(join(folder, "taken"));
    for (const target of ["missing/x", "file/x", "taken"]) {
      const path = join(folder, target);
      const error = await assertRejects(() => writeAtomic(path, "x"), RunError) as Error;
      assert(error.message.startsWith(`Cannot write ${path}: `), error.message);
      assertMatch(error.message, /no such file or folder|part of the path is a file|found a folder/i);
      assert(!error.message.includes("\n"), error.message);
    }
    assertEquals(await names(folder), ["file", "taken"]);
  }));

Deno.test("writeAtomic() leaves the old file whole when the disk takes no more", {
  ignore: Deno.build.os === "windows",
}, () =>
  inFolder(async (folder) => {
    const path = join(folder, "x");
    await writeAtomic(path, "old");
    const here = import.meta.dirname!;
    const { code, stderr } = await new Deno.Command(Deno.execPath(), {
      args: ["run", "--no-config", "--allow-run", join(here, "_limit_files.ts"), join(here, "_write_much.ts"), path],
      env: { DENO_NO_UPDATE_CHECK: "1" },
    }).output();
    assertEquals(code, 3, new TextDecoder().decode(stderr));
    assertEquals(await Deno.readTextFile(path), "old");
    assertEquals((await names(folder)).filter(isTemporary), []);
    assertMatch(
      new TextDecoder().decode(stderr),
      /^Cannot write .*x: the file grows beyond the limit of the system\n$/,
    );
  }));

Deno.test("isTemporary() knows only the names that writeAtomic() makes", () => {
  assertEquals(isTemporary(".x.json.0123456789ab.tmp"), true);
  for (const name of ["x.tmp", ".x.tmp", "x.json.0123456789ab.tmp", ".x.0123456789ab.tmp~"]) {
    assertEquals(isTemporary(name), false, name);
  }
});
