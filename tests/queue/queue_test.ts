import { assert, assertEquals, assertThrows } from "@std/assert";
import { checkJobId, isEnded, isJobId } from "../../src/queue/queue.ts";

Deno.test("the id of a job is a part of a path on any system, and of a key", () => {
  for (const id of ["t1", "a".repeat(100), "t-1_b"]) assert(isJobId(id), id);
  for (const id of ["", "..", "a/b", "A", "1", "a:b", "a".repeat(101)]) {
    assert(!isJobId(id), id);
    assertThrows(() => checkJobId(id), RangeError, `Cannot enqueue ${id}`);
  }
});

Deno.test("a job goes no further once it is finished, set aside or cancelled", () => {
  assertEquals(["waiting", "running", "finished", "failed", "cancelled"].map((state) => isEnded(state as "waiting")), [
    false,
    false,
    true,
    true,
    true,
  ]);
});
