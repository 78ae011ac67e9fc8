import { batchSource, type LabelledImages } from "../batches/mod.ts";
import { initialiseNetwork } from "../network/mod.ts";
import { buildDerivedNetwork, type Genotype, type Space } from "../spaces/mod.ts";
import type { Session } from "./session.ts";

/** How inference was timed. Plain JSON data. */
export interface InferenceTiming {
  /** Images a batch. */
  readonly batch: number;
  /** Passes of each network, of which the fastest counts. */
  readonly passes: number;
}

/** One image at a time, as whoever waits for an answer does. */
export const INFERENCE_TIMING: InferenceTiming = { batch: 1, passes: 30 };

/** Passes before those that count, which fill caches. */
const WARM_UP = 3;

/** Networks that are in memory at once. */
const AT_ONCE = 32;

/**
 * Measures how long derived networks take for a batch on this machine, in the engine's own inference with the session's threads.
 *
 * Networks take turns, so that a machine that becomes slower is so to all of them, and the fastest pass of each counts: whatever
 * else the machine does can only make it slower.
 *
 * @param session Its engine is timed.
 * @param networks Sizes and architectures; weights do not matter.
 * @param options Images to classify, images a batch, passes.
 * @returns Milliseconds of a batch, one number a network.
 * @throws {Interrupted} If asked to stop.
 */
export function timeInference(
  session: Session,
  networks: readonly { readonly space: Space; readonly genotype: Genotype }[],
  { images, batch, passes }: InferenceTiming & { images: LabelledImages },
): number[] {
  if (networks.length > AT_ONCE) {
    const [first, others] = [networks.slice(0, AT_ONCE), networks.slice(AT_ONCE)];
    return [first, others].flatMap((some) => timeInference(session, some, { images, batch, passes }));
  }
  using _ = session.heedInterrupt();
  const indices = Uint32Array.from({ length: batch }, (_, i) => i % images.count);
  const source = batchSource(images, indices, { seed: 0, epoch: 0 });
  const compiled = networks.map((network) => {
    const one = session.engine.compile(buildDerivedNetwork(network), { batch, isInference: true });
    initialiseNetwork(one, 0);
    return one;
  });
  const fastest = networks.map(() => Infinity);
  try {
    for (let pass = -WARM_UP; pass < passes; pass++) {
      for (const [i, network] of compiled.entries()) {
        const startedAt = performance.now();
        network.forward(source, { training: false });
        if (pass >= 0) fastest[i] = Math.min(fastest[i]!, performance.now() - startedAt);
      }
    }
  } finally {
    for (const network of compiled) network.free();
  }
  // To a tenth of a microsecond: what is below that is no measurement.
  return fastest.map((milliseconds) => Math.round(milliseconds * 1e4) / 1e4);
}
