// A transfer in a process of its own, for tests that kill it: a checkpoint after every step, validations within epochs.
import { runTransfer } from "./_runs.ts";
import { toldSteps } from "./_told_steps.ts";

const [out, target, source] = Deno.args as [string, string, string];
await runTransfer(out, { target, source: { name: source }, search: { validations: 2 } }, {
  resume: true,
  checkpointSeconds: 0,
  interrupt: toldSteps,
});
