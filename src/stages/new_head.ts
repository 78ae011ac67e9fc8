import type { Network } from "../engine/mod.ts";
import { deriveSeed } from "../network/mod.ts";
import { fitHead, type HeadStart, type Supernet } from "../search/mod.ts";
import type { Session } from "./session.ts";
import type { StartedSupernet, WeightImages } from "./supernet_stage.ts";

/**
 * Gives a supernet, whose body is ready, the head to start with.
 *
 * @param session The run, whose engine fits the head.
 * @param network The supernet; its head is random so far.
 * @param options Alpha and passes so far, the supernet as it would start from scratch, the images, where the head comes from, the
 * user's seed.
 * @returns Alpha and passes, and how well the head does if it was fitted.
 */
export function startHead(
  session: Session,
  network: Network,
  options: { started: StartedSupernet; images: WeightImages; head: HeadStart; blank: Supernet; seed: number },
): StartedSupernet {
  const { started, images, blank, seed } = options;
  if (options.head === "random") return started;
  network.setMixing(blank.with({ alpha: started.alpha }).mixing(seed));
  const head = fitHead(session.engine, network, { ...images, seed: deriveSeed(seed, "head batches") });
  return { ...started, batchesTracked: started.batchesTracked + head.batches, head };
}
