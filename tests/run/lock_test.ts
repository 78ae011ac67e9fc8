import { assertEquals, assertRejects } from "@std/assert";
import { join } from "node:path";
import { Lock } from "../../src/run/lock.ts";
import { RunError } from "../../src/run/mod.ts";
import { inFolder } from "./_folder.ts";

Deno.test("Lock.take() refuses a lock that is held and names the holder", () =>
  inFolder(async (folder) => {
    const path = join(folder, "lock");
    const lock = await Lock.take(path);
    await assertRejects(() => Lock.take(path), RunError, `held by process ${Deno.pid}`);
    await lock.release();
    await lock.release();
    await (await Lock.take(path)).release();
    assertEquals(await Array.fromAsync(Deno.readDir(folder)), []);
  }));

Deno.test("Lock.take() takes over the file of a process that is gone, whatever it holds", () =>
  inFolder(async (folder) => {
    const path = join(folder, "lock");
    // Its number may have gone to another process: this one is alive, but does not hold the lock.
    for (const content of ["", "1\n", `${Deno.pid}\n`, "not a number"]) {
      await Deno.writeTextFile(path, content);
      const lock = await Lock.take(path);
      assertEquals(await Deno.readTextFile(path), `${Deno.pid}\n`);
      await lock.release();
    }
  }));

Deno.test("Lock.take() lets only one of many through", () =>
  inFolder(async (folder) => {
    const path = join(folder, "lock");
    let inside = 0;
    let entered = 0;
    await Promise.all(Array.from({ length: 20 }, async () => {
      while (true) {
        try {
          const lock = await Lock.take(path);
          assertEquals(++inside, 1);
          await new Promise((resolve) => setTimeout(resolve, 1));
          inside--;
          entered++;
          return await lock.release();
        } catch (error) {
          if (!(error instanceof RunError)) throw error;
          await new Promise((resolve) => setTimeout(resolve, 2));
        }
      }
    }));
    assertEquals(entered, 20);
  }));

Deno.test("Lock.isHeld() looks without taking, and without leaving a file", () =>
  inFolder(async (folder) => {
    const path = join(folder, "lock");
    assertEquals(await Lock.isHeld(path), false);
    await Deno.writeTextFile(path, "1\n");
    assertEquals(await Lock.isHeld(path), false);
    const lock = await Lock.take(path);
    assertEquals(await Lock.isHeld(path), true);
    await lock.release();
    assertEquals([await Lock.isHeld(path), await Array.fromAsync(Deno.readDir(folder))], [false, []]);
  }));
