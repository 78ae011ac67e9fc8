import type { Network } from "../engine/mod.ts";
import { deriveSeed } from "../network/mod.ts";
import { fitHead, type HeadStart, type SearchMethod } from "../search/mod.ts";
import type { Session } from "./session.ts";
import type { StartedSupernet, WeightImages } from "./supernet_stage.ts";

/**
 * Gives a supernet, whose body is ready, the head to start with.
 *
 * @param session Fits.
 * @param network The supernet; its head is random so far.
 * @param options Alpha and passes so far, the images, where the head comes from, the method that mixes, the user's seed.
 * @returns Alpha and passes, and how well the head does if it was fitted.
 */
export function startHead(
  session: Session,
  network: Network,
  options: { started: StartedSupernet; images: WeightImages; head: HeadStart; method: SearchMethod; seed: number },
): StartedSupernet {
  const { started, images, method, seed } = options;
  if (options.head === "random") return started;
  network.setMixing(method.mix(started.alpha, { purpose: "evaluation", seed, epoch: 0, step: 0 }).weights);
  const head = fitHead(session.engine, network, { ...images, seed: deriveSeed(seed, "head batches") });
  return { ...started, batchesTracked: started.batchesTracked + head.batches, head };
}
