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
import { Session, type SessionOptions } from "../../src/stages/mod.ts";

/** Sizes and epochs that take seconds. */
export const TINY = { channels: 4, cells: 3, nodes: 2, batch: 16 } as const;

/** Runs a tiny search. */
export async function runSearch(
  out: string,
  options: Partial<SearchOptions> & { data: string },
  session: Partial<SessionOptions> = {},
) {
  const configuration = { ...SEARCH_DEFAULTS, ...TINY, epochs: 1, ...options };
  await using opened = await Session.start({
    command: "search",
    out,
    configuration,
    build: "strict",
    threads: 1,
    ...session,
  });
  return await search(opened, configuration);
}

/** Runs a tiny transfer. */
export async function runTransfer(
  out: string,
  options: Partial<TransferOptions> & { target: string; source: string },
  session: Partial<SessionOptions> = {},
) {
  const configuration = { ...TRANSFER_DEFAULTS, epochs: 2, trainEpochs: 1, batch: 16, trainBatch: 16, ...options };
  await using opened = await Session.start({
    command: "transfer",
    out,
    configuration,
    build: "strict",
    threads: 1,
    ...session,
  });
  return await transfer(opened, configuration);
}

/** Runs a tiny training. */
export async function runTraining(
  out: string,
  options: Partial<TrainOptions> & { data: string },
  session: Partial<SessionOptions> = {},
) {
  const configuration = { ...TRAIN_DEFAULTS, trainEpochs: 1, trainBatch: 16, ...options };
  await using opened = await Session.start({
    command: "train",
    out,
    configuration,
    build: "strict",
    threads: 1,
    ...session,
  });
  return await train(opened, configuration);
}

/** A result without its times, and without what does not bear on it. */
export function timeless(value: unknown): unknown {
  return JSON.parse(JSON.stringify(value, (key, entry) => ["seconds", "threads"].includes(key) ? undefined : entry));
}
