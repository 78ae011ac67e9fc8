import {
  search,
  SEARCH_DEFAULTS,
  type SearchOptions,
  train,
  TRAIN_DEFAULTS,
  type TrainOptions,
  transfer,
  TRANSFER_DEFAULTS,
  type TransferOptions,
} from "../../src/pipelines/mod.ts";
import { mergeSettings, type SomeSettings } from "../../src/run/mod.ts";
import type { SessionOptions } from "../../src/stages/mod.ts";
import { startSession } from "../stages/_session.ts";

/** Sizes and batches that take seconds. */
export const TINY = { sizes: { channels: 4, cells: 3, nodes: 2 }, search: { batch: 16 } } as const;

/** Runs a tiny search. */
export async function runSearch(
  out: string,
  options: SomeSettings<SearchOptions> & { data: string },
  session: Partial<SessionOptions> = {},
) {
  const base: SearchOptions = { ...SEARCH_DEFAULTS, data: options.data };
  const configuration = mergeSettings(base, TINY, { search: { epochs: 1 } }, options);
  await using opened = await startSession("search", out, { configuration, ...session });
  return await search(opened, configuration);
}

/** Runs a tiny transfer. */
export async function runTransfer(
  out: string,
  options: SomeSettings<TransferOptions> & { target: string; source: { name: string } },
  session: Partial<SessionOptions> = {},
) {
  const base: TransferOptions = { ...TRANSFER_DEFAULTS, target: options.target };
  const tiny = { search: { epochs: 2, batch: 16 }, training: { epochs: 1, batch: 16 } };
  const configuration = mergeSettings(base, tiny, options);
  await using opened = await startSession("transfer", out, { configuration, ...session });
  return await transfer(opened, configuration);
}

/** Runs a tiny training. */
export async function runTraining(
  out: string,
  options: SomeSettings<TrainOptions> & { data: string },
  session: Partial<SessionOptions> = {},
) {
  const base: TrainOptions = { ...TRAIN_DEFAULTS, data: options.data };
  const configuration = mergeSettings(base, { training: { epochs: 1, batch: 16 } }, options);
  await using opened = await startSession("train", out, { configuration, ...session });
  return await train(opened, configuration);
}

/** A result without its times, and without what does not bear on it. */
export function timeless(value: unknown): unknown {
  return JSON.parse(JSON.stringify(value, (key, entry) => ["seconds", "threads"].includes(key) ? undefined : entry));
}
