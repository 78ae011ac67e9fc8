import { openRun, RunError } from "../../run/mod.ts";
import { costOfDerivedNetwork } from "../../spaces/mod.ts";
import { INFERENCE_TIMING, isRunResult, type RunResult, timeInference } from "../../stages/mod.ts";
import type { Task } from "../../tasks/mod.ts";
import { type Model, readModel } from "../../zoo/mod.ts";
import type { ParetoGiven } from "./options.ts";
import type { ParetoNeighbour } from "./result.ts";

/** A finished run whose network is to be set beside. */
export interface Neighbour {
  /** Its folder, as the user named it. */
  readonly folder: string;
  /** Its network. */
  readonly model: Model;
  /** Its result. */
  readonly result: RunResult;
}

/**
 * Opens a finished run with a trained network.
 *
 * @param folder Its folder.
 * @returns It.
 * @throws {RunError | FormatError} If it is none, or not finished, or damaged; names it.
 */
export async function openNeighbour(folder: string): Promise<Neighbour> {
  const model = await readModel(folder);
  const { result } = await openRun(folder);
  if (isRunResult(result) && result.testAccuracy !== undefined) return { folder, model, result };
  throw new RunError(`Cannot set ${folder} beside: it has no result, expected a finished run that trained a network`);
}

/**
 * Refuses networks of other images: their accuracies say nothing beside these.
 *
 * @param neighbours The runs.
 * @param task The dataset.
 * @throws {RunError} If one was trained on another dataset; names it.
 */
export function checkNeighbours(neighbours: readonly Neighbour[], { datasets, height, width }: Task): void {
  for (const { folder, model: { fingerprint, data, space } } of neighbours) {
    if (fingerprint !== datasets[0]!.fingerprint || space.height !== height || space.width !== width) {
      throw new RunError(`Cannot set ${folder} beside: it was trained on other images, of ${data}, expected the same`);
    }
  }
}

/**
 * Describes networks of other runs as the points are described, their times measured now.
 *
 * @param given The run, whose engine is timed.
 * @param neighbours The other runs.
 * @returns Sizes and accuracies.
 */
export function describeNeighbours(
  { session, task }: ParetoGiven,
  neighbours: readonly Neighbour[],
): ParetoNeighbour[] {
  const options = { ...INFERENCE_TIMING, images: task.train };
  const times = timeInference(session, neighbours.map(({ model }) => model), options);
  return neighbours.map(({ folder, model: { space, genotype }, result }, i) => {
    const { parameters, multiplyAdds: macs } = costOfDerivedNetwork({ space, genotype });
    const { command, validAccuracy, testAccuracy, testLoss } = result;
    const milliseconds = times[i]!;
    return {
      name: folder,
      command,
      parameters,
      macs,
      milliseconds,
      validAccuracy,
      testAccuracy,
      testLoss,
      folder,
      genotype,
    };
  });
}
