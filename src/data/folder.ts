import { DataError, explainFailure } from "./errors.ts";

/** Paths of the files of one dataset. */
export interface DatasetFiles {
  /** Training images and their labels. */
  readonly train: { readonly images: string; readonly labels: string };
  /** Test images and their labels. */
  readonly test: { readonly images: string; readonly labels: string };
  /** `info.json`, which need not exist. */
  readonly info: string;
}

// Suffixes in order of preference; the later ones are MNIST's own spelling and that of its many copies.
const imageSuffixes = ["-images.idx", "-images-idx3-ubyte", "-images-idx4-ubyte", "-images.idx3-ubyte"];
const labelSuffixes = ["-labels.idx", "-labels-idx1-ubyte", "-labels.idx1-ubyte"];

/**
 * Finds the two pairs of IDX files in a dataset folder.
 *
 * Understood are `train-images.idx`, `train-labels.idx`, `test-images.idx`, `test-labels.idx` and the names of MNIST's own files
 * (`train-images-idx3-ubyte`, `t10k-labels-idx1-ubyte`, …), each with or without `.gz`. Where several are present, the first in
 * this order counts, and the plain file before the compressed one.
 *
 * @param folder The folder.
 * @returns Paths of the files.
 * @throws {DataError} If the folder cannot be read, or one of the four files is missing; names the file to add.
 */
export async function findDatasetFiles(folder: string): Promise<DatasetFiles> {
  const present = new Set<string>();
  try {
    for await (const entry of Deno.readDir(folder)) present.add(entry.name);
  } catch (error) {
    throw explainFailure("open dataset", folder, error);
  }
  const find = (part: "training" | "test", stems: string[], kind: "images" | "labels") => {
    const suffixes = kind === "images" ? imageSuffixes : labelSuffixes;
    const names = suffixes.flatMap((suffix) => stems.flatMap((stem) => [stem + suffix, `${stem}${suffix}.gz`]));
    const name = names.find((name) => present.has(name));
    if (name === undefined) {
      throw new DataError(
        `Cannot open dataset ${folder}: it has no ${part} ${kind}, expected a file ${stems[0]}${suffixes[0]}.gz ` +
          `or ${stems.at(-1)}${suffixes[1]}.gz (or either without .gz)`,
      );
    }
    return join(folder, name);
  };
  const pair = (part: "training" | "test", stems: string[]) => ({
    images: find(part, stems, "images"),
    labels: find(part, stems, "labels"),
  });
  return {
    train: pair("training", ["train"]),
    test: pair("test", ["test", "t10k"]),
    info: join(folder, "info.json"),
  };
}

function join(folder: string, name: string): string {
  return /[/\\]$/.test(folder) ? folder + name : `${folder}/${name}`;
}
