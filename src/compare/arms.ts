import { sizesOf } from "../spaces/mod.ts";
import type { HeadStart } from "../search/mod.ts";
import { type Card, type EntryBody, NETWORK_FILE } from "../zoo/mod.ts";
import { SCRATCH } from "./summary.ts";
import type { RunResult, Session, TrainingChoices } from "../stages/mod.ts";
import {
  traditional,
  TRADITIONAL_DEFAULTS,
  type TraditionalOptions,
  train,
  type TrainOptions,
  transfer,
  TRANSFER_DEFAULTS,
  type TransferOptions,
} from "../pipelines/mod.ts";

/** What is compared and how. */
export interface CompareOptions extends Omit<TransferOptions, "target" | "source" | "seed"> {
  /** Target datasets: names or folders. */
  readonly targets: readonly string[];
  /** The user's seeds. */
  readonly seeds: readonly number[];
  /** Sources of the transfer arms: `auto`, `single`, `multi`, `random`, or names of entries. */
  readonly sources: readonly string[];
  /** Names of the arms to run; all that can be if left out. */
  readonly arms?: readonly string[];
  /** Entry pretrained on several datasets; the one of most datasets if left out. */
  readonly multi?: string;
  /** Entry whose sizes arms without a source take; the one chosen by the first transfer arm if left out. */
  readonly sizesOf?: string;
  /** Epochs of the search from scratch; as many as those of the finetuning if left out. */
  readonly scratchEpochs?: number;
  /** First learning rate of the search from scratch. */
  readonly scratchLearningRate: number;
  /** Where the head comes from in the search from scratch. */
  readonly scratchHead: HeadStart;
  /** First learning rate of traditional transfer. */
  readonly traditionalLearningRate: number;
}

/** What a search from scratch does best with in few epochs, on the datasets that we tuned on (docs/results.md). */
export const SCRATCH_LEARNING_RATE = 0.1;

/** Defaults of a comparison. */
export const COMPARE_DEFAULTS: Omit<CompareOptions, "targets"> = {
  ...withoutSeed(TRANSFER_DEFAULTS),
  seeds: [0, 1, 2],
  sources: ["auto", "multi", "random"],
  scratchLearningRate: SCRATCH_LEARNING_RATE,
  // A trick that needs no source: without it, a part of the difference would be the head's.
  scratchHead: "refitted",
  traditionalLearningRate: TRADITIONAL_DEFAULTS.learningRate,
};

/** An arm of a comparison. */
export interface Arm {
  /** Name, also that of its folder. */
  readonly name: string;
  /** What it does. */
  readonly kind: "transfer" | "scratch" | "traditional" | "traditional-head" | "random-genotype";
  /** Source of a transfer: `auto`, `single`, `random`, or an entry; of a traditional one `auto` or `single`. */
  readonly source?: string;
}

/** Traditional transfer from the nearest entry of a single dataset: run only where it is asked for. */
const BY_NAME_ONLY = "traditional-single";

/** An arm that cannot be run. */
export interface LeftOut {
  /** Name. */
  readonly arm: string;
  /** Why not. */
  readonly reason: string;
}

/**
 * Finds the arms of a comparison.
 *
 * @param options Which are wanted.
 * @param cards Entries of the zoo.
 * @returns Arms in the order in which they are run and shown, and those that cannot be run.
 * @throws {RangeError} If an arm or an entry is unknown.
 */
export function planArms(options: CompareOptions, cards: readonly Card[]): { arms: Arm[]; leftOut: LeftOut[] } {
  const multi = options.multi ?? mostSources(cards)?.name;
  const names = cards.map(({ name }) => name);
  const transfers = options.sources.map((source): Arm => {
    if (source === "auto") return { name: "selected", kind: "transfer", source };
    if (source === "single") return { name: "selected-single", kind: "transfer", source };
    if (source === "random") return { name: "random", kind: "transfer", source };
    if (source === "multi" || source === multi) {
      return { name: "multi", kind: "transfer", ...(multi && { source: multi }) };
    }
    if (!names.includes(source)) throw new RangeError(`Cannot compare source ${source}: the zoo has no such entry`);
    return { name: `from-${source}`, kind: "transfer", source };
  });
  const all: Arm[] = [
    { name: SCRATCH, kind: "scratch" },
    ...transfers,
    { name: "traditional", kind: "traditional", source: "auto" },
    { name: BY_NAME_ONLY, kind: "traditional", source: "single" },
    { name: "traditional-head", kind: "traditional-head", source: "auto" },
    { name: "random-genotype", kind: "random-genotype" },
  ];
  const stranger = options.arms?.find((wanted) => !all.some(({ name }) => name === wanted));
  if (stranger !== undefined) {
    throw new RangeError(`Cannot compare arm ${stranger}: expected some of ${all.map(({ name }) => name).join(", ")}`);
  }
  const wanted = all.filter(({ name }) => options.arms?.includes(name) ?? name !== BY_NAME_ONLY);
  const leftOut = wanted.flatMap((arm) => {
    const reason = whyNot(arm, cards);
    return reason === undefined ? [] : [{ arm: arm.name, reason }];
  });
  return { arms: wanted.filter(({ name }) => !leftOut.some(({ arm }) => arm === name)), leftOut };
}

function whyNot({ kind, source }: Arm, cards: readonly Card[]): string | undefined {
  if (kind === "transfer") {
    if (source === undefined) return "no entry of the zoo was pretrained on several datasets";
    if (source === "auto" || source === "random") return cards.length > 0 ? undefined : "the zoo has no entry";
    if (source === "single") {
      return cards.some(({ sources }) => sources.length === 1) ? undefined : "no entry of the zoo has a single dataset";
    }
    return cards.some(({ name }) => name === source) ? undefined : `the zoo has no entry ${source}`;
  }
  const canStart = ({ files, sources }: Card) => files[NETWORK_FILE] && (source !== "single" || sources.length === 1);
  if (kind.startsWith("traditional") && !cards.some(canStart)) {
    return "no such entry of the zoo has a trained network, add one with: deno task rootstock zoo derive NAME";
  }
}

function mostSources(cards: readonly Card[]): Card | undefined {
  return cards.filter(({ sources }) => sources.length > 1)
    .toSorted((a, b) => b.sources.length - a.sources.length || (a.name < b.name ? -1 : 1))[0];
}

/** A run of an arm, before it is run. */
export interface PlannedRun {
  /** Command of the run. */
  readonly command: string;
  /** Its settings. */
  readonly configuration: Readonly<Record<string, unknown>>;
  /** Epochs of its curve; 0 for a curve without held-out images. */
  readonly budgetEpochs: number;
  /** Does it. */
  readonly work: (session: Session) => Promise<RunResult>;
}

/** What a run is for. */
export interface RunPlace {
  /** Dataset. */
  readonly target: string;
  /** The user's seed. */
  readonly seed: number;
  /** Entry whose sizes an arm without a source takes; only these ask for it. */
  readonly body: () => EntryBody;
}

/**
 * Plans a run of an arm with the budget of all arms: as many epochs of which the supernet (or, without one, the network)
 * sees held-out images, and as many epochs of training on all images after that.
 *
 * @param arm The arm.
 * @param place Target, seed, sizes.
 * @param options Those of the comparison.
 * @returns What to run.
 */
export function planRun(arm: Arm, { target, seed, body }: RunPlace, options: CompareOptions): PlannedRun {
  const { epochs, trainEpochs, scratchEpochs = epochs } = options;
  const zoo = options.zoo === undefined ? {} : { zoo: options.zoo };
  switch (arm.kind) {
    case "transfer": {
      const configuration: TransferOptions = { ...transferOptions(options), target, seed, source: arm.source! };
      return asPlan("transfer", configuration, epochs, transfer);
    }
    case "scratch": {
      const { maxParameters, ...others } = transferOptions(options);
      const configuration: TransferOptions = {
        ...others,
        // There is no source whose size could be the limit.
        ...(typeof maxParameters === "number" && { maxParameters }),
        target,
        seed,
        source: body().name,
        prior: "none",
        head: options.scratchHead,
        epochs: scratchEpochs,
        learningRate: options.scratchLearningRate,
      };
      return asPlan("transfer", configuration, scratchEpochs, transfer);
    }
    case "traditional":
    case "traditional-head": {
      const { batch, recalibration, validations, weightShare, traditionalLearningRate: learningRate } = options;
      const configuration: TraditionalOptions = {
        ...trainingChoices(options),
        ...zoo,
        ...(batch !== undefined && { batch }),
        target,
        seed,
        source: arm.source!,
        headOnly: arm.kind === "traditional-head",
        head: "refitted",
        epochs,
        learningRate,
        recalibration,
        validations,
        weightShare,
      };
      return asPlan("traditional", configuration, epochs, traditional);
    }
    case "random-genotype": {
      const { space } = body();
      const configuration: TrainOptions = {
        ...trainingChoices(options),
        // No search: all epochs are training's.
        trainEpochs: epochs + trainEpochs,
        data: target,
        genotype: "random",
        inherit: "none",
        ...sizesOf(space),
        space: space.name,
        seed,
      };
      return asPlan("train", configuration, 0, train);
    }
  }
}

function asPlan<Options extends object>(
  command: string,
  configuration: Options,
  budgetEpochs: number,
  work: (session: Session, options: Options) => Promise<RunResult>,
): PlannedRun {
  return {
    command,
    configuration: configuration as Record<string, unknown>,
    budgetEpochs,
    work: (session) => work(session, configuration),
  };
}

/** What is a comparison's own is taken away, so that whatever else a transfer may know reaches it. */
function transferOptions(options: CompareOptions): Omit<TransferOptions, "target" | "source" | "seed"> {
  const {
    targets: _targets,
    seeds: _seeds,
    sources: _sources,
    arms: _arms,
    multi: _multi,
    sizesOf: _sizesOf,
    scratchEpochs: _scratchEpochs,
    scratchLearningRate: _scratchLearningRate,
    scratchHead: _scratchHead,
    traditionalLearningRate: _traditionalLearningRate,
    ...others
  } = options;
  return others;
}

function trainingChoices(options: TrainingChoices): TrainingChoices {
  const { trainEpochs, trainBatch, trainLearningRate, dropPath, auxiliary, cutout } = options;
  return {
    trainEpochs,
    trainLearningRate,
    dropPath,
    auxiliary,
    ...(trainBatch !== undefined && { trainBatch }),
    ...(cutout !== undefined && { cutout }),
  };
}

function withoutSeed<Options extends { seed: unknown }>({ seed: _, ...others }: Options): Omit<Options, "seed"> {
  return others;
}
