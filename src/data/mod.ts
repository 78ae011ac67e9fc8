/**
 * Datasets and pictures: what formats there are (readers), what types of pictures (decoders), and what is made of them.
 *
 * @module
 */
export { AUGMENTATION_NAMES, type AugmentationName, namedAugmentation } from "./augmentation.ts";
export { concatenate } from "./bytes.ts";
export type { Dataset, Split, UnreadablePicture } from "./dataset.ts";
export type { AnnouncedSize, DecodedImage, Decoder, Measured } from "./decoders/decoder.ts";
export { decodeImage, isPicture, type MeasuredImage, measureImage, registerDecoder } from "./decoders/table.ts";
export { DataError, printable } from "./errors.ts";
export { hasChecksum } from "./fetch/checksum.ts";
export { download, type DownloadOptions } from "./fetch/download.ts";
export {
  fetchDataset,
  FETCHED_FOLDER,
  type FetchedDataset,
  type FetchOptions,
  type FetchProgress,
  type KnownSummary,
  listKnownDatasets,
} from "./fetch/fetch_dataset.ts";
export { type FolderEntry, listTree, type PathContent, readBounded, readPlain } from "./files.ts";
export { findPictures } from "./find_pictures.ts";
export { fingerprint, type FingerprintContent } from "./fingerprint.ts";
export { inOrder } from "./in_order.ts";
export { type CacheClearing, type CachedDataset, clearCache, listCache } from "./import/cache/list_cache.ts";
export { USEFUL_SIDES } from "./import/image_side.ts";
export type { CacheOptions } from "./import/cache/cache.ts";
export { defaultCacheFolder } from "./import/cache/cache_folder.ts";
export type { ImportListener, ImportProgress } from "./import/listener.ts";
export {
  type CompleteImport,
  completeImport,
  DEFAULT_IMPORT,
  type Fit,
  FITS,
  type ImportSettings,
  SIDE_RANGE,
} from "./import/settings.ts";
export type { SourceOptions } from "./import/open_source.ts";
export type { DatasetInfo } from "./info.ts";
export type { DuplicateGroup } from "./inspect/duplicates.ts";
export {
  type Inspection,
  type InspectionPictures,
  type InspectOptions,
  inspectSource,
} from "./inspect/inspect_source.ts";
export type { CountedClass, ImageInspection, NamedGroup, NamedImage, SizeSummary } from "./inspect/inspection.ts";
export type { Sample } from "./inspect/samples.ts";
export type { SurveyListener } from "./inspect/survey.ts";
export { nodeCrypto } from "./node_library.ts";
export { openDataset, type OpenOptions } from "./open_dataset.ts";
export type { PreparedPicture } from "./pictures/job.ts";
export { PicturePool, type PicturePoolOptions } from "./pictures/pool.ts";
export { type OwnThread, prepareHere } from "./pictures/prepare.ts";
export type { PictureShape } from "../engine/mod.ts";
export { readImages } from "./readers/idx.ts";
export { encodeIdx } from "./readers/idx_format.ts";
export {
  type FilePixels,
  type FileRange,
  pickPixels,
  pixelPieces,
  type Pixels,
  pixelsInFile,
  pixelsInMemory,
} from "./pixels.ts";
export { type Picture, pictureAddress } from "./picture_address.ts";
export type { PartName, RawDataset, RawPart, Reader } from "./readers/reader.ts";
export { registerReader } from "./readers/table.ts";
export { embeddedNames, shippedPath } from "./registry.ts";
export { splitIndices, type SplitOptions, subset, type SubsetOptions, takeImages } from "./split.ts";
export { type DatasetInspection, type DatasetSummary, inspectDataset, listDatasets } from "./summary.ts";
