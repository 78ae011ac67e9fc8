import { assertEquals, assertRejects } from "@std/assert";
import { openQueue } from "../../src/queue/open_queue.ts";
import { RunError } from "../../src/run/mod.ts";

Deno.test("a queue is opened by its address", async () => {
  assertEquals((await openQueue("folder:runs/study/queue")).url, "folder:runs/study/queue");
  await assertRejects(
    () => openQueue("ftp://me:secret@host/"),
    RunError,
    "queue ftp://me:…@host/: expected folder:DIR, redis://HOST",
  );
});
