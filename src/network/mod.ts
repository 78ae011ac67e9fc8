/**
 * Networks whatever their search space: the builder that spaces lower to, state, cost, schedules, random numbers.
 *
 * @module
 */
export * from "./builder.ts";
export * from "./classify.ts";
export * from "./cost_counter.ts";
export * from "./head.ts";
export * from "./initialise.ts";
export * from "./keyed_random.ts";
export * from "./network_tensors.ts";
export * from "./schedules.ts";
export * from "./state.ts";
