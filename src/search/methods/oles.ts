import type { Space } from "../../spaces/mod.ts";
import { OLES_STOPPING } from "../operation_stopper.ts";
import { createDarts } from "./darts.ts";
import type { MethodRow, SearchMethod } from "./method.ts";

/** DARTS whose operations stop to learn, each on its own, where they fit nothing but their training images. */
export const OLES: MethodRow = {
  name: "oles",
  title: "OLES",
  description: "DARTS whose operations stop, each by itself, when training and validation gradients part",
  paper:
    "Jiang et al., Operation-Level Early Stopping for Robustifying Differentiable NAS, NeurIPS 2023, arXiv 2405.06911",
  settings: { operationStopping: OLES_STOPPING },
  create: createOles,
};

/**
 * The method of OLES: that of DARTS. What is its own is a setting of the bilevel loop ({@linkcode OperationStopping}).
 *
 * @param space The search space.
 * @returns The method; it has no state.
 */
export function createOles(space: Space): SearchMethod {
  return { ...createDarts(space), name: OLES.name };
}
