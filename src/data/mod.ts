/**
 * Datasets and pictures: what formats there are (readers), what types of pictures (decoders), and what is made of them.
 *
 * @module
 */
export { defaultAugmentation } from "./augmentation.ts";
export { type ContactSheetOptions, renderContactSheet } from "./contact_sheet.ts";
export type { Dataset, Split } from "./dataset.ts";
export type { AnnouncedSize, DecodedImage, Decoder } from "./decoders/decoder.ts";
export { decodeImage, registerDecoder } from "./decoders/table.ts";
export { DataError, printable } from "./errors.ts";
export { type FolderEntry, type PathContent, readBounded } from "./files.ts";
export { fingerprint, type FingerprintContent } from "./fingerprint.ts";
export { readImageFile } from "./image_file.ts";
export type { DatasetInfo } from "./info.ts";
export { openDataset } from "./open_dataset.ts";
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
export type { RawDataset, RawPart, Reader } from "./readers/reader.ts";
export { registerReader } from "./readers/table.ts";
export { embeddedNames } from "./registry.ts";
export { splitIndices, type SplitOptions, subset, type SubsetOptions, takeImages } from "./split.ts";
export { stackImages } from "./stack_images.ts";
export { type DatasetInspection, type DatasetSummary, inspectDataset, listDatasets } from "./summary.ts";
