// A search in a process of its own, for tests that do something to it: a checkpoint after every step.
import { runSearch } from "./_runs.ts";

const [out, data] = Deno.args as [string, string];
try {
  await runSearch(out, { data }, { resume: true, checkpointSeconds: 0 });
} catch (error) {
  console.error((error as Error).message);
  Deno.exit(1);
}
