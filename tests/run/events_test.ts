import { assertEquals, assertRejects } from "@std/assert";
import { join } from "node:path";
import { EventLog, readEvents } from "../../src/run/events.ts";
import { RunError } from "../../src/run/mod.ts";
import { inFolder } from "./_folder.ts";

Deno.test("EventLog appends in order, even when nobody waits", () =>
  inFolder(async (folder) => {
    const path = join(folder, "events.jsonl");
    const log = await EventLog.open(path);
    await Promise.all(Array.from({ length: 50 }, (_, i) => log.append({ i, text: "ä\n" })));
    await log.close();
    assertEquals(await readEvents(path), Array.from({ length: 50 }, (_, i) => ({ i, text: "ä\n" })));
  }));

Deno.test("EventLog.open() cuts off a line that was not finished", () =>
  inFolder(async (folder) => {
    const path = join(folder, "events.jsonl");
    await Deno.writeTextFile(path, `{"a":1}\n{"a":2`);
    assertEquals(await readEvents(path), [{ a: 1 }]);
    const log = await EventLog.open(path);
    await log.append({ a: 3 });
    await log.close();
    assertEquals(await Deno.readTextFile(path), `{"a":1}\n{"a":3}\n`);
  }));

Deno.test("EventLog.truncate() forgets the events after a position", () =>
  inFolder(async (folder) => {
    const path = join(folder, "events.jsonl");
    const log = await EventLog.open(path);
    await log.append({ a: 1 });
    const length = await log.sync();
    await log.append({ a: 2 });
    await log.truncate(length);
    await log.append({ a: 3 });
    await assertRejects(() => log.truncate(1000), RunError, "expected at least 1000");
    await log.close();
    assertEquals(await readEvents(path), [{ a: 1 }, { a: 3 }]);
  }));

Deno.test("readEvents() names the line that is damaged", () =>
  inFolder(async (folder) => {
    const path = join(folder, "events.jsonl");
    assertEquals(await readEvents(path), []);
    for (const line of ["{", "3", "[]", ""]) {
      await Deno.writeTextFile(path, `{"a":1}\n${line}\n`);
      await assertRejects(() => readEvents(path), RunError, "line 2 is");
    }
  }));
