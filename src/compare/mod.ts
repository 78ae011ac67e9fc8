/**
 * Ways to a network beside one another.
 *
 * @module
 */
export * from "./arms.ts";
export * from "./compare.ts";
export * from "./demo.ts";
export * from "./distance_benefit.ts";
export * from "./milestones.ts";
export * from "./result.ts";
export * from "./statistics.ts";
export * from "./summary.ts";
