import { randomGenotype } from "../../src/spaces/darts/genotype.ts";
import type { RunResult } from "../../src/stages/mod.ts";
import { writeDigits } from "./_digits.ts";
import { runTraining, TINY } from "./_runs.ts";

/** Runs a test in a folder of its own, in which there is a small dataset ({@linkcode writeDigits}); the folder is removed afterwards. */
export async function inDigits(
  test: (folder: string, data: string) => Promise<void>,
  options?: Parameters<typeof writeDigits>[1],
): Promise<void> {
  const folder = await Deno.makeTempDir();
  try {
    const data = `${folder}/few-digits`;
    await writeDigits(data, options);
    await test(folder, data);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}

/** Runs a test in a folder as {@linkcode inDigits}, in which there is a trained network as well. */
export async function inTrained(
  test: (given: { folder: string; data: string; trained: string; result: RunResult }) => Promise<void>,
): Promise<void> {
  await inDigits(async (folder, data) => {
    const trained = `${folder}/trained`;
    const genotype = JSON.stringify(randomGenotype(1, 2));
    const options = { data, architecture: { genotype }, sizes: TINY.sizes };
    await test({ folder, data, trained, result: await runTraining(trained, options) });
  });
}
