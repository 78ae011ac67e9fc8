// A transfer in a process of its own, for tests that kill it: a checkpoint after every step.
import { runTransfer } from "./_runs.ts";

const [out, target, source] = Deno.args as [string, string, string];
await runTransfer(out, { target, source }, { resume: true, checkpointSeconds: 0 });
