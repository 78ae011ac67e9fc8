import { assertRejects } from "@std/assert";
import { requireReach, RunError } from "../../src/run/mod.ts";

Deno.test("a server that this process may not reach is said in a line, with whoever may", async () => {
  await requireReach("127.0.0.1:6379", "somebody else");
  await assertRejects(
    () => requireReach("queue.example:6379", "deno task board"),
    RunError,
    "Cannot reach queue.example:6379: this task may not; expected deno task board",
  );
});
