/**
 * Search spaces: what a supernet holds and what is cut out of it. Which kinds there are says `table.ts`; what they are made of
 * only their own folders know.
 *
 * @module
 */
export * from "./costs.ts";
export * from "./derive_within.ts";
export * from "./derived_network.ts";
export * from "./genotype.ts";
export * from "./inherit.ts";
export * from "./places.ts";
export * from "./published.ts";
export * from "./sizes.ts";
export * from "./space.ts";
export * from "./supernet.ts";
export * from "./table.ts";
export * from "./trained_network.ts";
