import type { PartName } from "./reader.ts";

const partNames: Readonly<Record<string, PartName>> = {
  train: "train",
  training: "train",
  val: "validation",
  valid: "validation",
  validation: "validation",
  dev: "validation",
  test: "test",
  testing: "test",
};

/**
 * The part that a folder or a cell of a table names: `train`, `training`, `val`, `valid`, `validation`, `dev`, `test`,
 * `testing`, in any case.
 *
 * @param text The name.
 * @returns The part; undefined if the text is none of these.
 */
export function partNamed(text: string): PartName | undefined {
  const name = text.trim().toLowerCase();
  return Object.hasOwn(partNames, name) ? partNames[name] : undefined;
}

/**
 * The part that the name of a file of many pictures tells, as in `train-00000-of-00004.parquet` or `flowers_val-000000.tar`;
 * where the name does not tell, that of the folders above it.
 *
 * @param path Path of the file from the folder that was given.
 * @returns The part; `train` if nothing tells.
 */
export function partOfFile(path: string): PartName {
  for (const name of path.split("/").reverse()) {
    for (const word of name.split(/[^\p{L}]+/u)) {
      const part = partNamed(word);
      if (part !== undefined) return part;
    }
  }
  return "train";
}

/** The order in which parts are listed. */
export const PART_ORDER: readonly PartName[] = ["train", "validation", "test"];
