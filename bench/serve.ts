import { type Circumstances, prepare, WARM_UP, type Work } from "./workload.ts";
import { serveRuns } from "./peers/serve_runs.ts";

/**
 * `serve WORK CIRCUMSTANCES`: a long-lived process that runs a workload once for every line on its standard input, as the
 * peers do (bench/peers/README.md says how they talk). Both arguments are JSON.
 */
export async function serve([work = "", circumstances = "{}"]: string[]): Promise<void> {
  const { isProfiled = false, ...rest } = JSON.parse(circumstances) as Circumstances;
  const workload = await prepare(JSON.parse(work) as Work, rest);
  for (let run = 0; run < WARM_UP; run++) workload.run();
  const { build, mode, threads, operations } = workload;
  const { deno, v8 } = Deno.version;
  await serveRuns({ build, mode, threads, operations, deno, v8 }, () => {
    if (isProfiled) workload.startProfile();
    const seconds = workload.run();
    const run = { seconds, memoryBytes: workload.memoryBytes() };
    return isProfiled ? { ...run, profile: workload.profile() } : run;
  });
  workload.close();
}
