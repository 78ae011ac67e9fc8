import { type Inspection, type InspectionPictures, type InspectOptions, inspectSource } from "../data/mod.ts";

export {
  type DatasetSummary,
  fetchDataset as fetchData,
  type FetchProgress,
  type Inspection,
  type InspectionPictures,
  type KnownSummary,
  listDatasets,
  listKnownDatasets,
} from "../data/mod.ts";

/**
 * Looks at every image of a dataset before anything is trained on it.
 *
 * @param nameOrPath Name of a dataset, or a path.
 * @param options Progress, and whether small pictures are wanted.
 * @returns What was found.
 * @throws {DataError} If there is no such dataset or it is damaged as a whole.
 */
export async function inspectData(
  nameOrPath: string,
  options: InspectOptions = {},
): Promise<{ inspection: Inspection; pictures: InspectionPictures | undefined }> {
  return await inspectSource(nameOrPath, options);
}
