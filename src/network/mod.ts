/**
 * Search spaces, architectures and the networks made of them, lowered to programs of the engine.
 *
 * @module
 */
export * from "./builder.ts";
export * from "./initialise.ts";
export * from "./keyed_random.ts";
export * from "./network_tensors.ts";
export * from "./schedules.ts";
export * from "./state.ts";
