/**
 * Datasets and pictures: what formats there are (readers), what types of pictures (decoders), and what is made of them.
 *
 * @module
 */
export { defaultAugmentation } from "./augmentation.ts";
export { type ContactSheetOptions, renderContactSheet } from "./contact_sheet.ts";
export type { Dataset, Split, UnreadablePicture } from "./dataset.ts";
export type { AnnouncedSize, DecodedImage, Decoder, Measured } from "./decoders/decoder.ts";
export { decodeImage, type MeasuredImage, measureImage, registerDecoder } from "./decoders/table.ts";
export { DataError } from "./errors.ts";
export { type FolderEntry, type PathContent, readBounded } from "./files.ts";
export { fingerprint, type FingerprintContent } from "./fingerprint.ts";
export type { DatasetInfo } from "./info.ts";
export { type CacheClearing, type CachedDataset, clearCache, listCache } from "./import/cache/list_cache.ts";
export { USEFUL_SIDES } from "./import/image_side.ts";
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
export { openDataset, type OpenOptions } from "./open_dataset.ts";
export type { PreparedPicture } from "./pictures/job.ts";
export { PicturePool, type PicturePoolOptions } from "./pictures/pool.ts";
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
export type { RawDataset, RawPart, Reader } from "./readers/reader.ts";
export { registerReader } from "./readers/table.ts";
export { embeddedNames } from "./registry.ts";
export { splitIndices, type SplitOptions, subset, type SubsetOptions, takeImages } from "./split.ts";
export { type DatasetInspection, type DatasetSummary, inspectDataset, listDatasets } from "./summary.ts";
