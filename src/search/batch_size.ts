import { DARTS_SETTINGS } from "./bilevel_settings.ts";

/**
 * Images a batch for a dataset: the paper's 64, but 32 where there are few images, whose epochs would have few steps.
 *
 * @param dataset The dataset.
 * @returns The number.
 */
export function batchFor({ train }: { readonly train: { readonly count: number } }): number {
  return train.count < FEW_IMAGES ? DARTS_SETTINGS.batch / 2 : DARTS_SETTINGS.batch;
}

const FEW_IMAGES = 5000;

/**
 * Images a batch of a search or a finetuning: a quarter of the paper's where images are so few that a search would be short
 * of steps (docs/results.md, Tuning), and {@linkcode batchFor} the dataset elsewhere. Half of the images are alpha's.
 *
 * @param dataset The dataset.
 * @returns The number.
 */
export function searchBatchFor(dataset: { readonly train: { readonly count: number } }): number {
  return dataset.train.count < FEW_TO_SEARCH ? DARTS_SETTINGS.batch / 4 : batchFor(dataset);
}

const FEW_TO_SEARCH = 2500;
