import type { Engine } from "../../src/engine/mod.ts";
import { cosinePlan, initialiseNetwork } from "../../src/network/mod.ts";
import { buildSupernet } from "../../src/spaces/mod.ts";
import { type BilevelOptions, createDarts, DARTS_SETTINGS } from "../../src/search/mod.ts";
import { splitTask } from "../../src/batches/mod.ts";
import { TINY_SPACE, tinyTask } from "../network/_tiny_task.ts";

/**
 * Everything that a search of two epochs over a tiny space needs.
 *
 * @param engine Runs it.
 * @param changes Options that differ.
 * @returns Options with a freshly initialised supernet.
 */
export function tinySearch(engine: Engine, changes: Partial<BilevelOptions> = {}): BilevelOptions {
  const data = tinyTask(engine, { count: 52 });
  const network = engine.compile(buildSupernet(TINY_SPACE), { batch: 8 });
  initialiseNetwork(network, 1);
  const method = changes.method ?? createDarts(TINY_SPACE);
  return {
    engine,
    network,
    space: TINY_SPACE,
    method,
    alpha: method.initialAlpha(engine, 1),
    data,
    split: splitTask(engine, { train: data }, { seed: 1 }),
    augment: { cropPadding: 1, flip: true, cutout: 0 },
    settings: { ...DARTS_SETTINGS, batch: 8 },
    plan: cosinePlan({ epochs: 2, first: 0.025, last: 0.001 }),
    seed: 1,
    ...changes,
  };
}
