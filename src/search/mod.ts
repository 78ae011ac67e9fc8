/**
 * Differentiable architecture search: methods, the bilevel loop, derivation, and the training of what was derived.
 *
 * @module
 */
export * from "./alpha.ts";
export * from "./batch_size.ts";
export * from "./bilevel.ts";
export * from "./bilevel_settings.ts";
export * from "./checkpoint.ts";
export * from "./closed_form_head.ts";
export * from "./epoch_clock.ts";
export * from "./evaluation.ts";
export * from "./feature_rows.ts";
export * from "./freeze_body.ts";
export * from "./head_probe.ts";
export * from "./methods/darts.ts";
export * from "./methods/method.ts";
export * from "./methods/softmax.ts";
export * from "./methods/table.ts";
export * from "./operation_stopper.ts";
export * from "./running_statistics.ts";
export * from "./supernet.ts";
export * from "./temper_head.ts";
export * from "./unrolled.ts";
export * from "./validator.ts";
export * from "./weight_training.ts";
export * from "./weights_mean.ts";
