/**
 * Supernet transfer learning: the pipelines as functions, and the types of what they take and give.
 *
 * A pipeline works in a {@linkcode Session}: an engine and the folder of a run. It takes plain options, tells what it does through
 * `onEvent`, saves as it goes and can be resumed. The embedding library, for networks that are finished, is `./embed`.
 *
 * @example Search an architecture
 * ```ts
 * import { assert } from "@std/assert";
 * import { mergeSettings, search, SEARCH_DEFAULTS, Session } from "./mod.ts";
 *
 * const options = mergeSettings({ ...SEARCH_DEFAULTS, data: "uci-digits" }, {
 *   sizes: { channels: 4, cells: 3, nodes: 1 },
 *   search: { epochs: 1, alphaEvery: 8 },
 * });
 * const out = `${await Deno.makeTempDir()}/run`;
 * await using session = await Session.start({ command: "search", out, configuration: options, threads: 1 });
 * const { validAccuracy } = await search(session, options);
 * assert(validAccuracy! > 0.1);
 * ```
 *
 * @module
 */
export * from "./pipelines/mod.ts";
export {
  CLASS_WEIGHTINGS,
  type ClassWeighting,
  type DatasetImages,
  type LabelledImages,
  type Objective,
  type Sampling,
  SAMPLINGS,
  type Shares,
} from "./batches/mod.ts";
export {
  AUGMENTATION_NAMES,
  type AugmentationName,
  type CacheOptions,
  type CompleteImport,
  type CountedClass,
  type Dataset,
  type DownloadOptions,
  type DuplicateGroup,
  type FetchedDataset,
  type FetchOptions,
  type Fit,
  type ImageInspection,
  type ImportListener,
  type ImportProgress,
  type ImportSettings,
  type InspectOptions,
  type NamedGroup,
  type NamedImage,
  type OpenOptions,
  type PartName,
  type Pixels,
  type Sample,
  type SizeSummary,
  type SourceOptions,
  type Split,
  type SurveyListener,
  type UnreadablePicture,
} from "./data/mod.ts";
export {
  type AdamMoments,
  type AdamOptions,
  type AdamState,
  type Augmentation,
  type BackwardOptions,
  type BatchSource,
  type Build,
  BUILDS,
  type ChannelStatistics,
  type ClassifierFit,
  type CompileOptions,
  type DatasetDistance,
  type DecodedPicture,
  type DistanceOptions,
  type Engine,
  type ForwardOptions,
  type ImageShape,
  type ImageStore,
  type Jitter,
  type LabelledFeatures,
  type LaunchMode,
  type Mixing,
  type NamedShape,
  type Network,
  type ParameterVectors,
  type PictureShape,
  type PictureSize,
  type PlacedImages,
  type Preparation,
  PROFILE_KINDS,
  type ProfileKind,
  type ProfileRow,
  type Program,
  type ReadImages,
  type ResidentImages,
  type SgdOptions,
  type StepResult,
  type StreamedImages,
  type Transport,
} from "./engine/mod.ts";
export { type ExportImages, type ExportRequest, INPUT_KINDS, type InputKind } from "./export/mod.ts";
export { type About, type Precision, PRECISIONS, type TensorData, type TensorLike } from "./formats/mod.ts";
export type { ClassProbability, State, StateTensor } from "./network/mod.ts";
export {
  mergeSettings,
  type RunCheckpoint,
  type RunDirectory,
  type RunEvent,
  type Settings,
  type SomeSettings,
} from "./run/mod.ts";
export {
  type DrawContext,
  type EpochEnd,
  HEADS,
  type HeadStart,
  type MixingDraw,
  type Purpose,
  type Regularisation,
  type SearchMethod,
  type Supernet,
  type SupernetParts,
  type Trials,
} from "./search/mod.ts";
export {
  COUNTED_COSTS,
  type CountedCost,
  type Genotype,
  type PublishedAccuracies,
  type RankedAccuracies,
  type Space,
} from "./spaces/mod.ts";
export {
  type BudgetGroup,
  type Checkpoint,
  type ClassReport,
  type Confusion,
  CONTINUED_PRIORS,
  type ContinuedPrior,
  type Cut,
  type DatasetRecord,
  type EntryGroup,
  type EntryResult,
  type EpochRecord,
  type InferenceTiming,
  type LearningGroups,
  type LossGroup,
  type Mistake,
  type PipelineEvent,
  type ReliabilityBin,
  type RoundRecord,
  type RunResult,
  type SearchGroup,
  type SearchRecord,
  Session,
  type SharingGroup,
  type SizeGroup,
  type Snapshot,
  type SourceGroup,
  type StageProgress,
  type SupernetOutcome,
  type TestReport,
  type TimeGroup,
  type TimeLimit,
  type TrainingGroup,
  type VariationGroup,
  type WeightsGroup,
} from "./stages/mod.ts";
export type { Claim, Job, JobFailure, JobState, JobStatus, Queue } from "./queue/mod.ts";
export type { ImageSize, Task } from "./tasks/mod.ts";
export { type Prior, PRIORS } from "./transfer/mod.ts";
export {
  type Card,
  type CardFile,
  type CardNetwork,
  type CardSource,
  type ClassPair,
  type EntryTerms,
  type RankedSource,
  type Selection,
  type SelectOptions,
  type SourceTerms,
  type Use,
  USES,
} from "./zoo/mod.ts";
