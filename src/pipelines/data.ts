import { type DatasetInspection, inspectDataset, openDataset } from "../data/mod.ts";

export {
  type DatasetInspection,
  type DatasetSummary,
  fetchDataset as fetchData,
  type FetchProgress,
  type KnownSummary,
  listDatasets,
  listKnownDatasets,
} from "../data/mod.ts";

/**
 * Opens a dataset, checks all of it and describes it.
 *
 * @param nameOrPath Name of an embedded dataset, or a folder.
 * @returns Everything but its pixels.
 * @throws {DataError} If there is no such dataset or it is damaged.
 */
export async function inspectData(nameOrPath: string): Promise<DatasetInspection> {
  return inspectDataset(await openDataset(nameOrPath));
}
