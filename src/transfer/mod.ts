/**
 * Supernet transfer: the zoo of pretrained supernets, choosing one by the distance of datasets, grafting it onto a target,
 * and the plan of its finetuning.
 *
 * @module
 */
export * from "./early_stop.ts";
export * from "./finetune_schedule.ts";
export * from "./finetuning.ts";
export * from "./graft.ts";
export * from "./mean_weights.ts";
