// A pretraining in a process of its own, for tests that kill it: a checkpoint after every step.
import { runPretraining } from "./_sources.ts";
import { toldSteps } from "./_told_steps.ts";

const [out, data, zoo, from] = Deno.args as [string, string, string, string?];
const going = from === undefined ? {} : { from, keep: 3, name: "next" };
await runPretraining(out, { data, zoo, ...going }, { resume: true, checkpointSeconds: 0, interrupt: toldSteps });
