import {
  FEATURES_DEFAULTS,
  type FeaturesOptions,
  TRADITIONAL_DEFAULTS,
  TRANSFER_DEFAULTS,
  type TransferOptions,
} from "../pipelines/mod.ts";
import type { SearchGroup } from "../stages/mod.ts";

/** What a comparison's transfers have in common: all but target, source and seed. */
export type ComparedTransfer = Omit<TransferOptions, "target" | "source" | "seed"> & {
  /** What is taken over of each source. */
  readonly source: Pick<TransferOptions["source"], "prior" | "priorStrength">;
};

/** What is compared and how. */
export interface CompareOptions {
  /** Target datasets: names or folders. */
  readonly targets: readonly string[];
  /** The user's seeds. */
  readonly seeds: readonly number[];
  /** Names of the arms to run; all that can be if left out. */
  readonly arms?: readonly string[] | undefined;
  /** Sources of the transfer arms: `auto`, `single`, `multi`, `random`, or names of entries. */
  readonly sources: readonly string[];
  /** Folder of the zoo; that of the project if left out. */
  readonly zoo?: string | undefined;
  /** Entry pretrained on several datasets; the one of most datasets if left out. */
  readonly multi?: string | undefined;
  /** Entry whose sizes arms without a source take; the one chosen by the first transfer arm if left out. */
  readonly sizesOf?: string | undefined;
  /** How a supernet is transferred; the budget of all arms. */
  readonly transfer: ComparedTransfer;
  /** What is different in the search from scratch. */
  readonly scratch: {
    /** Epochs of the search; as many as those of the finetuning if left out. */
    readonly epochs?: number | undefined;
    /** First learning rate. */
    readonly learningRate: number;
    /** Where the head comes from. */
    readonly head: NonNullable<SearchGroup["head"]>;
    /** Learning rate of alpha; that of the transfers if it is given, else DARTS' own. */
    readonly alphaLearningRate?: number | undefined;
    /** Whether the derived network starts with the supernet's weights. */
    readonly inherit: Exclude<TransferOptions["training"]["inherit"], "network">;
  };
  /** Whose features are taken, where not those of an entry. */
  readonly features: FeaturesOptions["extractor"];
  /** What is different in traditional transfer. */
  readonly traditional: {
    /** First learning rate. */
    readonly learningRate: number;
  };
}

/** What a search from scratch does best with in few epochs, on the datasets that we tuned on (docs/results.md). */
export const SCRATCH_LEARNING_RATE = 0.1;

/** The weights of a supernet that was searched from scratch are no better a start than random ones (docs/lab/inheritance.md). */
export const SCRATCH_INHERIT = "none";

const { images, source: { prior, priorStrength }, sizes, search, training, budget } = TRANSFER_DEFAULTS;

/** Defaults of a comparison. */
export const COMPARE_DEFAULTS: Omit<CompareOptions, "targets"> = {
  seeds: [0, 1, 2],
  sources: ["auto", "multi", "random"],
  transfer: { images, source: { prior, priorStrength }, sizes, search, training, budget },
  scratch: {
    learningRate: SCRATCH_LEARNING_RATE,
    // A trick that needs no source: without it, a part of the difference would be the head's.
    head: "refitted",
    inherit: SCRATCH_INHERIT,
  },
  features: FEATURES_DEFAULTS.extractor,
  traditional: { learningRate: TRADITIONAL_DEFAULTS.finetuning.learningRate },
};
