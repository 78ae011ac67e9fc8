export { defaultAugmentation } from "./augmentation.ts";
export { type Dataset, openDataset, type Split } from "./dataset.ts";
export { DataError } from "./errors.ts";
export { encodeIdx, type IdxArray, parseIdx, readIdx } from "./idx.ts";
export { type Images, imageSideBounds, readImages } from "./images.ts";
export { embeddedNames } from "./registry.ts";
export { splitIndices, type SplitOptions, subset, type SubsetOptions } from "./split.ts";
export { type DatasetInspection, type DatasetSummary, inspectDataset, listDatasets } from "./summary.ts";
