// A pretraining in a process of its own, for tests that kill it: a checkpoint after every step.
import { runPretraining } from "./_sources.ts";

const [out, data, zoo] = Deno.args as [string, string, string];
await runPretraining(out, { data, zoo }, { resume: true, checkpointSeconds: 0 });
