import { batchesOf, batchSource, type LabelledImages } from "../batches/mod.ts";
import type { Engine, Network, Program } from "../engine/mod.ts";
import { HEAD_BIASES, HEAD_WEIGHTS, initialiseNetwork, loadState, type State } from "../network/mod.ts";
import { featuresOf } from "../search/mod.ts";
import {
  buildDerivedNetwork,
  buildSupernet,
  choicesOf,
  costOfDerivedNetwork,
  costOfSupernet,
  type Space,
} from "../spaces/mod.ts";
import type { Task } from "../tasks/mod.ts";
import { graftedBody, graftedSpace } from "../transfer/mod.ts";
import { NETWORK_FILE, openEntryNetwork, openSource, readEntryFile } from "../zoo/mod.ts";
import type { Features } from "./features.ts";

/** Images a batch; features do not depend on it. */
const BATCH = 64;

/** The network of an entry for the images of a target. */
interface FrozenNetwork {
  readonly from: Space;
  readonly space: Space;
  readonly state: State;
  readonly program: Program;
  readonly mixing?: Float32Array | undefined;
  readonly parameters: number;
  readonly macs: number;
}

/**
 * Takes the features that the classifier of an entry's trained network reads; those of its supernet, if it has no network.
 *
 * Nothing learns. Running statistics stay the source's, too: with those of the target's images a head was worse on five of six
 * targets (docs/lab/features.md). Images are normalised as the target's own.
 *
 * @param engine Runs the network.
 * @param task The target's images; of a single dataset.
 * @param source Name of the entry or path of its folder; the zoo's folder, that of the project if left out.
 * @returns Features of all images without augmentation, and the network's cost without a head.
 * @throws {Error} If there is no such entry, or it is damaged; one line.
 */
export async function networkFeatures(
  engine: Engine,
  task: Task,
  { name, zoo }: { readonly name: string; readonly zoo?: string | undefined },
): Promise<Features> {
  const { from, space, state, program, mixing, parameters, macs } = await openFrozen(task, { name, zoo });
  const network = engine.compile(program, { batch: BATCH, isInference: true });
  try {
    // What the body lacks, a head, has no part in the features.
    initialiseNetwork(network, 0);
    loadState(network, graftedBody({ space: from, state }, { space, network }), { isPartial: true });
    if (mixing !== undefined) network.setMixing(mixing);
    return { train: run(network, task.train), test: run(network, task.test), parameters, macs };
  } finally {
    network.free();
  }
}

async function openFrozen(
  { height, width, channels, classes: { length: classes } }: Task,
  { name, zoo }: { name: string; zoo?: string | undefined },
): Promise<FrozenNetwork> {
  const fit = (from: Space) => graftedSpace(from, { height, width, channels, classes }, "both", choicesOf(from));
  const { card: { files } } = await readEntryFile(name, NETWORK_FILE, zoo);
  if (files[NETWORK_FILE] !== undefined) {
    const { space: from, genotype, state } = await openEntryNetwork(name, zoo);
    const space = fit(from);
    const program = buildDerivedNetwork({ space, genotype });
    return { from, space, state, program, ...costOfBody(costOfDerivedNetwork({ space, genotype }), program) };
  }
  const { supernet } = await openSource(name, zoo);
  const space = fit(supernet.space);
  const program = buildSupernet(space);
  const { space: from, state } = supernet;
  return { from, space, state, program, mixing: supernet.mixing(0), ...costOfBody(costOfSupernet(space), program) };
}

/** What a network costs without its classifier, which has one multiply-add a weight. */
function costOfBody(
  { parameters, multiplyAdds }: { parameters: number; multiplyAdds: number },
  program: Pick<Program, "parameters">,
): { parameters: number; macs: number } {
  const sizeOf = (wanted: string) =>
    program.parameters.find(({ name }) => name === wanted)!.shape.reduce((product, side) => product * side, 1);
  const weights = sizeOf(HEAD_WEIGHTS);
  return { parameters: parameters - weights - sizeOf(HEAD_BIASES), macs: multiplyAdds - weights };
}

function run(network: Network, data: LabelledImages): Float32Array {
  const sources = batchesOf(data.count, BATCH).map((indices) => batchSource(data, indices, { seed: 0, epoch: 0 }));
  return featuresOf(network, sources);
}
