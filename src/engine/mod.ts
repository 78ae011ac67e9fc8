/**
 * The engine: networks as programs, run forward and backward by the WebAssembly kernels on a team of worker threads.
 *
 * @module
 */
export { type AdamOptions, AdamState } from "./adam.ts";
export {
  type DatasetDistance,
  DEFAULT_EPSILON,
  type DistanceOptions,
  type LabelledFeatures,
  type Transport,
} from "./dataset_distance.ts";
export {
  type ClassifierFit,
  type DecodedPicture,
  Engine,
  type EngineOptions,
  type PictureShape,
  type PictureSize,
} from "./engine.ts";
export { type ChannelStatistics, type ImageShape, type ImageStore, type ResidentImages } from "./image_store.ts";
export { HOST } from "./host.ts";
export {
  type Build,
  BUILDS,
  detectBuild,
  type Host,
  type KernelCode,
  type Kernels,
  type LaunchMode,
  type Workers,
} from "./kernels.ts";
export {
  type Augmentation,
  type BackwardOptions,
  type BatchSource,
  type CompileOptions,
  type ForwardOptions,
  type Jitter,
  type Mixing,
  type NamedShape,
  type Network,
  type Preparation,
  type SgdOptions,
  type StepResult,
} from "./network.ts";
export { type ParameterVectors, SLOT } from "./parameter_vectors.ts";
export { PROFILE_KINDS, type ProfileKind, type ProfileRow } from "./profile.ts";
export { type Program, ProgramBuilder, type Tensor } from "./program_builder.ts";
export { type ReadImages, type StreamedImages } from "./streamed_images.ts";
