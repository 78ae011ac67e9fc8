/**
 * Differentiable architecture search: methods, the bilevel loop, derivation, and the training of what was derived.
 *
 * @module
 */
export * from "./batches.ts";
export * from "./bilevel.ts";
export * from "./bilevel_settings.ts";
export * from "./checkpoint.ts";
export * from "./closed_form_head.ts";
export * from "./darts.ts";
export * from "./derive.ts";
export * from "./derive_within.ts";
export * from "./evaluation.ts";
export * from "./feature_rows.ts";
export * from "./head_probe.ts";
export * from "./image_sampler.ts";
export * from "./method.ts";
export * from "./methods.ts";
export * from "./prune.ts";
export * from "./running_statistics.ts";
export * from "./sample_path.ts";
export * from "./unrolled.ts";
export * from "./weight_training.ts";
