/**
 * What pipelines are made of.
 *
 * A pipeline works in a {@linkcode Session}, an engine and a run's folder, and runs one stage or two. In a stage one network
 * learns, epoch by epoch, from wherever a checkpoint left off ({@linkcode runStage}, {@linkcode driveEpochs}):
 *
 * - {@linkcode runSupernetStage}: weights and architecture of a supernet, on a part of the training images each; from random
 *   weights, a graft, or an earlier pretraining ({@linkcode openContinued}), with a new head ({@linkcode startHead}).
 * - {@linkcode runFinetuneStage}: a network of fixed architecture, on the part from which a supernet's weights would learn.
 * - {@linkcode runTrainingStage}: a final network, on all training images; then it is tested.
 *
 * What a user chooses becomes the settings of a stage in settings.ts; what came of it is told in {@linkcode EpochRecord}s,
 * {@linkcode PipelineEvent}s and a {@linkcode RunResult}.
 *
 * @module
 */
export * from "./choose_source.ts";
export * from "./continued.ts";
export * from "./epochs.ts";
export * from "./finetune_stage.ts";
export * from "./genotype_file.ts";
export * from "./groups.ts";
export * from "./inherited_accuracy.ts";
export * from "./new_head.ts";
export * from "./published_table.ts";
export * from "./result.ts";
export * from "./open_images.ts";
export * from "./session.ts";
export * from "./settings.ts";
export * from "./stage.ts";
export * from "./stalled.ts";
export * from "./supernet_stage.ts";
export * from "./test_report.ts";
export * from "./time_budget.ts";
export * from "./time_inference.ts";
export * from "./time_training.ts";
export * from "./training_stage.ts";
export * from "./types.ts";
