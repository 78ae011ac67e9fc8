/**
 * Ways to a network beside one another.
 *
 * @module
 */
export * from "./arm_run.ts";
export * from "./arms/arm.ts";
export * from "./arms/table.ts";
export * from "./compare.ts";
export * from "./demo.ts";
export * from "./distance_benefit.ts";
export * from "./lead.ts";
export * from "./milestones.ts";
export * from "./options.ts";
export * from "./plan_arms.ts";
export * from "./published_runs.ts";
export * from "./result.ts";
export { type ArmMachines } from "./run_arms.ts";
export * from "./statistics.ts";
export * from "./summary.ts";
