/**
 * Search spaces, architectures and the networks made of them, lowered to programs of the engine.
 *
 * @module
 */
export * from "./alpha.ts";
export * from "./builder.ts";
export * from "./candidate_name.ts";
export * from "./cost.ts";
export * from "./derived_network.ts";
export * from "./genotype.ts";
export * from "./inherit.ts";
export * from "./initialise.ts";
export * from "./keyed_random.ts";
export * from "./lay_mixing.ts";
export * from "./schedules.ts";
export * from "./space.ts";
export * from "./state.ts";
export * from "./supernet.ts";
