/** Counts in the run directory given, as fast as it can: every epoch an event, a checkpoint, a genotype. */
import { RunDirectory } from "../../src/run/mod.ts";

const run = await RunDirectory.open(Deno.args[0]!, { command: "search", configuration: { epochs: 5 }, resume: true });
const checkpoint = await run.loadCheckpoint();
let epoch = (checkpoint?.progress as { epoch: number } | undefined)?.epoch ?? 0;
console.log(epoch);
while (true) {
  await run.event({ epoch });
  epoch++;
  const data = new Float32Array(50_000).fill(epoch);
  await run.saveCheckpoint({ tensors: new Map([["x", { shape: [50_000], data }]]), progress: { epoch } });
  await run.writeGenotype({ epoch });
}
