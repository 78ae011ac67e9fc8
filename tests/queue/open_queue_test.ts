import { assertEquals, assertRejects } from "@std/assert";
import { openQueue, withoutPassword } from "../../src/queue/open_queue.ts";
import { RunError } from "../../src/run/mod.ts";

Deno.test("a queue is opened by its address", async () => {
  assertEquals((await openQueue("folder:runs/study/queue")).url, "folder:runs/study/queue");
  await assertRejects(
    () => Promise.resolve().then(() => openQueue("ftp://me:secret@host/")),
    RunError,
    "queue ftp://me:…@host/: expected folder:DIR",
  );
});

Deno.test("an address is shown without its password", () => {
  assertEquals(withoutPassword("redis://:secret@host:6379/0"), "redis://:…@host:6379/0");
  assertEquals(withoutPassword("postgres://me:se:cret@host/db"), "postgres://me:…@host/db");
  assertEquals(withoutPassword("folder:a:b@c"), "folder:a:b@c");
});
