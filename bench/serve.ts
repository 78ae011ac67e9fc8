import { serveRuns, warmUp } from "./peers/serve_runs.ts";
import { type Circumstances, prepare, type Work } from "./workload.ts";

/**
 * `serve WORK CIRCUMSTANCES`: a long-lived process that runs a workload once for every line on its standard input, as the
 * peers do (bench/peers/README.md says how they talk). Both arguments are JSON; `repeats` in the second: runs of which a line's
 * answer is the mean.
 */
export async function serve([work = "", circumstances = "{}"]: string[]): Promise<void> {
  const { isProfiled = false, repeats = 1, ...rest } = JSON.parse(circumstances) as Circumstances & {
    repeats?: number;
  };
  const workload = await prepare(JSON.parse(work) as Work, rest);
  await warmUp(() => workload.run());
  const { build, mode, threads, operations } = workload;
  const { deno, v8 } = Deno.version;
  await serveRuns({ build, mode, threads, operations, deno, v8 }, () => {
    if (isProfiled) workload.startProfile();
    let sum = 0;
    for (let i = 0; i < repeats; i++) sum += workload.run();
    const seconds = sum / repeats;
    const run = { seconds, memoryBytes: workload.memoryBytes() };
    return isProfiled ? { ...run, profile: workload.profile() } : run;
  });
  workload.close();
}
