/**
 * What a pipeline is made of: sessions, stages, settings, results.
 *
 * @module
 */
export * from "./choose_source.ts";
export * from "./continued.ts";
export * from "./epochs.ts";
export * from "./finetune_stage.ts";
export * from "./genotype_file.ts";
export * from "./groups.ts";
export * from "./mixed_state.ts";
export * from "./new_head.ts";
export * from "./result.ts";
export * from "./session.ts";
export * from "./settings.ts";
export * from "./stalled.ts";
export * from "./supernet_stage.ts";
export * from "./time_left.ts";
export * from "./training_stage.ts";
export * from "./types.ts";
