/**
 * Search spaces: what a supernet holds and what is cut out of it.
 *
 * @module
 */
export * from "./darts/alpha.ts";
export * from "./darts/auxiliary_head.ts";
export * from "./darts/candidate.ts";
export * from "./darts/candidate_name.ts";
export * from "./darts/cost.ts";
export * from "./darts/derive.ts";
export * from "./darts/derive_within.ts";
export * from "./darts/derived_network.ts";
export * from "./darts/genotype.ts";
export * from "./darts/inherit.ts";
export * from "./darts/lay_mixing.ts";
export * from "./darts/prune.ts";
export * from "./darts/sample_path.ts";
export * from "./darts/skeleton.ts";
export * from "./darts/space.ts";
export * from "./darts/supernet.ts";
