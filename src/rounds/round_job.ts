import type { Shares } from "../batches/mod.ts";
import type { ImportSettings } from "../data/mod.ts";
import type { Build } from "../engine/mod.ts";
import { BUILDS } from "../engine/mod.ts";
import { sha256 } from "../formats/mod.ts";
import type { Job } from "../queue/mod.ts";
import { AMOUNT, ANYTHING, checkShape, listOf, oneOf, optional, record, SHARE, TEXT, whole } from "../run/mod.ts";
import type { LearningGroups, SearchGroup } from "../stages/mod.ts";

/** Kind of the jobs: one worker's part of one round. */
export const ROUND_KIND = "round";

/** Most workers of a round. */
export const MOST_WORKERS = 4096;

/** What all jobs of a pretraining have in common: all on which a step depends. Plain JSON data. */
export interface RoundSetting extends LearningGroups {
  /** Rootstock's version: another one might end in other bits. */
  readonly version: string;
  /** Build of the kernels, for the same reason. */
  readonly build: Build;
  /** Datasets, by name or path. */
  readonly data: readonly string[];
  /** Checksum of what they hold. */
  readonly fingerprint: string;
  /** How pictures become images. */
  readonly images: ImportSettings;
  /** How epochs are shared among datasets. */
  readonly shares?: Shares | undefined;
  /** How weights and alpha learn. */
  readonly search: SearchGroup;
  /** Share of the training images from which the weights learn. */
  readonly trainPortion: number;
  /** The user's seed. */
  readonly seed: number;
}

/** What a worker is to do in a round. Plain JSON data. */
export interface RoundPart {
  /** Number of the round, from 0. */
  readonly round: number;
  /** Number of the part, from 0. */
  readonly worker: number;
  /** Parts of the round. */
  readonly workers: number;
  /** Checksum of the state with which the round begins. */
  readonly state: string;
  /** The rest. */
  readonly setting: RoundSetting;
}

/** What a worker tells of a part that it has done. Plain JSON data. */
export interface RoundOutcome {
  /** Number of the attempt, which is part of its file's name. */
  readonly attempt: number;
  /** Length of its file. */
  readonly bytes: number;
  /** Images from which it learnt. */
  readonly images: number;
  /** Steps that it took. */
  readonly steps: number;
  /** Seconds that they took. */
  readonly seconds: number;
}

/** What a {@linkcode RoundOutcome} of a queue must be. */
export const OUTCOME_SHAPE = record({
  attempt: whole(1),
  bytes: whole(1),
  images: whole(0),
  steps: whole(1),
  seconds: AMOUNT,
});

const PART_SHAPE = record({
  round: whole(0, 10_000),
  worker: whole(0, MOST_WORKERS - 1),
  workers: whole(1, MOST_WORKERS),
  state: TEXT,
  setting: record({
    version: TEXT,
    build: oneOf(...BUILDS),
    data: listOf(TEXT, 1),
    fingerprint: TEXT,
    images: record({}),
    shares: optional(record({})),
    search: record({ method: TEXT, epochs: whole(1, 10_000), learningRate: AMOUNT }),
    trainPortion: SHARE,
    seed: whole(0),
    loss: optional(ANYTHING),
    variation: optional(ANYTHING),
    weights: optional(ANYTHING),
  }),
});

/**
 * Makes the job of a part. Its id is a checksum of all that its outcome depends on.
 *
 * @param part The part.
 * @param run Name of the run: another run's files are not this one's.
 * @returns The job.
 */
export async function jobOfPart(part: RoundPart, run: string): Promise<Job> {
  const hash = await sha256(new TextEncoder().encode(JSON.stringify([run, part])));
  return { id: `r${hash.slice(0, 24)}`, kind: ROUND_KIND, payload: part };
}

/**
 * The part of a job.
 *
 * @param job A job of kind {@linkcode ROUND_KIND}.
 * @returns The part.
 * @throws {RunError} If it is something else; names the job.
 */
export function partOfJob({ id, payload }: Job): RoundPart {
  checkShape(payload, PART_SHAPE, `job ${id}`);
  const part = payload as RoundPart;
  const beyond = whole(0, part.workers - 1);
  checkShape(part.worker, (value) => beyond(value, "worker"), `job ${id}`);
  return part;
}
