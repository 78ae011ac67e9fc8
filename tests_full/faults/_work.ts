/**
 * A piece of work in a process of its own, to which something is done: `KIND OUT GIVEN …`. Every step is saved.
 *
 * @module
 */
import { openDataset } from "../../src/data/mod.ts";
import { RunError } from "../../src/run/mod.ts";
import { runSearch, runTraining, runTransfer } from "../../tests/pipelines/_runs.ts";

/** What can be done; all of it in seconds, and to the same end whenever it goes on. */
const WORK: Readonly<Record<string, (out: string, ...given: string[]) => Promise<unknown>>> = {
  search: (out, data) => runSearch(out, { data: data!, search: { validations: 2 } }, SAVING),
  transfer: (out, target, source) =>
    runTransfer(out, { target: target!, source: { name: source! }, search: { validations: 2 } }, SAVING),
  train: (out, data, genotype) =>
    runTraining(out, {
      data: data!,
      architecture: { genotype: genotype! },
      sizes: { channels: 4, cells: 3, nodes: 2 },
      training: { epochs: 2 },
    }, SAVING),
  import: async (cache, photos) => console.log((await openDataset(photos!, { cache })).fingerprint),
};

const SAVING = { resume: true, checkpointSeconds: 0 } as const;

const [kind, out, ...given] = Deno.args as [string, string, ...string[]];
try {
  await WORK[kind]!(out, ...given);
} catch (error) {
  // As the command line says it: one line.
  console.error((error as Error).message);
  Deno.exit(error instanceof RunError || (error as Error).name === "DataError" ? 1 : 3);
}
