// A pretraining in a process of its own, for tests that kill it: a checkpoint after every step.
import { runPretraining } from "./_sources.ts";
import { toldSteps } from "./_told_steps.ts";

const [out, data, zoo, from] = Deno.args as [string, string, string, string?];
const going = from === undefined ? { entry: { zoo } } : { entry: { zoo, name: "next" }, start: { from, keep: 3 } };
await runPretraining(out, { data, ...going }, { resume: true, checkpointSeconds: 0, interrupt: toldSteps });
