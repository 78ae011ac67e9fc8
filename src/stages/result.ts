import { AMOUNT, ANYTHING, checkedBy, hasShape, listOf, optional, record, SHARE, TEXT, whole } from "../run/mod.ts";
import {
  checkGenotype,
  costOfDerivedNetwork,
  type Genotype,
  type RankedAccuracies,
  type Space,
} from "../spaces/mod.ts";
import type { Task } from "../tasks/mod.ts";
import type { Card } from "../zoo/mod.ts";
import { EPOCH_SHAPE, type EpochRecord, RANKED_ACCURACIES_SHAPE } from "./types.ts";
import { RANKED_SHAPE } from "./choose_source.ts";
import { DEFAULT_SIZES } from "./groups.ts";
import type { Session } from "./session.ts";
import { TEST_SHAPE, type TestOutcome, type TestReport } from "./test_report.ts";
import { TIME_LIMIT_SHAPE, type TimeLimit } from "./time_budget.ts";

/** What every run that makes a network ends with: its `result.json`. */
export interface RunResult {
  /** Command. */
  readonly command: string;
  /** Dataset, as the user named it. */
  readonly data: string;
  /** The user's seed. */
  readonly seed: number;
  /** Build of the kernels. */
  readonly build: string;
  /** How the process was launched. */
  readonly mode: string;
  /** Threads. */
  readonly threads: number;
  /** Epochs done, those of all stages. */
  readonly epochs: number;
  /** Seconds worked. */
  readonly seconds: number;
  /** Accuracy on the test images, 0 to 1; absent if no final network was trained. */
  readonly testAccuracy?: number | undefined;
  /** Mean loss on the test images, in nats. */
  readonly testLoss?: number | undefined;
  /** All that is known of the test images' answers; absent for networks of several datasets. */
  readonly test?: TestReport | undefined;
  /** Pictures of the dataset that were left out because they cannot be read: how many, and the first of them; absent if all can. */
  readonly unreadable?: {
    readonly count: number;
    readonly pictures: readonly { readonly name: string; readonly reason: string }[];
  } | undefined;
  /** Accuracy of the supernet on held-out images at the end of the search; absent if nothing was searched. */
  readonly validAccuracy?: number | undefined;
  /** Architecture. */
  readonly genotype: Genotype;
  /** Trainable numbers of the derived network, without those that predictions do not use. */
  readonly parameters: number;
  /** Its multiply-adds for one image. */
  readonly macs: number;
  /** What was published of the architecture; absent unless the search had a table that has it. */
  readonly nasbench201?: RankedAccuracies | undefined;
  /** What a head fitted before the first epoch of the search could do; absent for a random one. */
  readonly start?: EpochRecord | undefined;
  /** Epochs of the search, validations within them included; epochs of the training if nothing was searched. */
  readonly curve: readonly EpochRecord[];
  /** Epochs of the training after a search. */
  readonly trainCurve?: readonly EpochRecord[] | undefined;
  /** What a time limit did; absent without one. */
  readonly timeLimit?: TimeLimit | undefined;
  /** What else the command has to say. */
  readonly [further: string]: unknown;
}

/**
 * Whether a value, such as the content of a `result.json`, is the result of a run that makes a network.
 *
 * @param value The value.
 * @returns Whether its parts are there and what they must be: command, seed, figures, architecture and curves.
 */
export function isRunResult(value: unknown): value is RunResult {
  return hasShape(value, RESULT_SHAPE) && hasShape(value, checkedBy(checkArchitecture));
}

function checkArchitecture(result: unknown): void {
  const { genotype, space } = result as RunResult & { space?: Space };
  checkGenotype(genotype, space?.name ?? DEFAULT_SIZES.space);
}

const RESULT_SHAPE = record({
  command: TEXT,
  data: TEXT,
  seed: whole(0),
  build: TEXT,
  mode: TEXT,
  threads: whole(1),
  epochs: AMOUNT,
  seconds: AMOUNT,
  testAccuracy: optional(SHARE),
  testLoss: ANYTHING,
  test: optional(TEST_SHAPE),
  unreadable: optional(record({ count: whole(1), pictures: listOf(record({ name: TEXT, reason: TEXT })) })),
  validAccuracy: optional(SHARE),
  genotype: record({}),
  parameters: whole(0),
  macs: whole(0),
  nasbench201: optional(RANKED_ACCURACIES_SHAPE),
  start: optional(EPOCH_SHAPE),
  curve: listOf(EPOCH_SHAPE),
  trainCurve: optional(listOf(EPOCH_SHAPE)),
  timeLimit: optional(TIME_LIMIT_SHAPE),
  // What reports say of a transfer and of a space.
  source: optional(TEXT),
  sourceChoice: optional(TEXT),
  sourceRanking: optional(listOf(RANKED_SHAPE)),
  prior: optional(TEXT),
  space: optional(record({ name: TEXT })),
});

/** What a run ends with that adds to a zoo. */
export type EntryResult = RunResult & {
  /** The card of the entry. */
  readonly card: Card;
};

/**
 * Whether a value is the result of a run that adds to a zoo: {@linkcode isRunResult}, with a card.
 *
 * @param value Any value, such as parsed JSON.
 * @returns Whether it is; of the card no more is looked at than that it has a name.
 */
export function isEntryResult(value: unknown): value is EntryResult {
  return isRunResult(value) && hasShape(value.card, record({ name: TEXT }));
}

/**
 * Puts together what the results of all commands have in common.
 *
 * @param session The run, for its circumstances and its time so far.
 * @param parts The task, path or name of its data, the user's seed, space and architecture, and the epochs done.
 * @returns The result, with the cost of the derived network.
 */
export function makeResult(
  session: Session,
  parts: {
    task: Pick<Task, "datasets">;
    data: string;
    seed: number;
    space: Space;
    genotype: Genotype;
    history: readonly EpochRecord[];
  },
): RunResult {
  const { task, data, seed, space, genotype, history } = parts;
  const { parameters, multiplyAdds: macs } = costOfDerivedNetwork({ space, genotype });
  return {
    ...session.circumstances,
    data,
    seed,
    epochs: history.length,
    seconds: session.seconds(),
    genotype,
    parameters,
    macs,
    unreadable: describeUnreadable(task),
    nasbench201: history.at(-1)?.nasbench201,
    curve: history.flatMap(({ within = [], ...end }) => [...within, toPoint(end)]),
  };
}

/** Unreadable pictures of which a result tells. */
const MOST_UNREADABLE = 20;

function describeUnreadable({ datasets }: Pick<Task, "datasets">): RunResult["unreadable"] {
  const all = datasets.flatMap(({ unreadable }) => unreadable);
  if (all.length === 0) return undefined;
  return { count: all.length, pictures: all.slice(0, MOST_UNREADABLE).map(({ name, reason }) => ({ name, reason })) };
}

/**
 * What a result says of the test images.
 *
 * @param outcome How the network did on them.
 * @returns Accuracy, loss and report, to be part of a result.
 */
export function describeTest({ accuracy, loss, report }: TestOutcome) {
  return { testAccuracy: accuracy, testLoss: loss, test: report };
}

/**
 * Epochs of a result's search, after what a fitted head could do before the first.
 *
 * @param result Its search.
 * @returns The points of the curve, ascending by epoch; the first is epoch 0 if a head was fitted.
 */
export function curveFromStart({ start, curve }: Pick<RunResult, "start" | "curve">): readonly EpochRecord[] {
  return start ? [start, ...curve] : curve;
}

const FIGURES = [
  "epoch",
  "seconds",
  "trainLoss",
  "trainAccuracy",
  "validLoss",
  "validAccuracy",
  "datasets",
  "nasbench201",
  "round",
] as const satisfies (keyof EpochRecord)[];

/**
 * An epoch as a point of a curve: its figures, as far as it has them, and nothing else.
 *
 * @param record What a stage wrote of the epoch.
 * @returns A copy.
 */
export function toPoint(record: EpochRecord): EpochRecord {
  const known = FIGURES.filter((name) => record[name] !== undefined);
  return Object.fromEntries(known.map((name) => [name, record[name]])) as unknown as EpochRecord;
}
