import type { DatasetInfo } from "../info.ts";

/** What a file must be, so that nothing but the published one is taken for it. */
export interface Checksum {
  /** The function that was published with the file. */
  readonly algorithm: "md5" | "sha256";
  /** Its value, in small hexadecimal digits. */
  readonly hex: string;
}

/** A file of a public dataset. */
export interface KnownFile {
  /** Its name in the dataset's folder. */
  readonly name: string;
  /** Where it can be had, the best address first. */
  readonly addresses: readonly string[];
  /** Its size in bytes, as published. */
  readonly bytes: number;
  /** What the published size was rounded to, in bytes; exact if left out. */
  readonly roundedTo?: number | undefined;
  /** What it must be. */
  readonly checksum: Checksum;
}

/** A public dataset that can be fetched by name. */
export interface KnownDataset {
  /** Short name, as every command takes it once it is there. */
  readonly name: string;
  /** Number of images, all parts together. */
  readonly images: number;
  /** Its files. One alone is what a reader opens; of several it is their folder. */
  readonly files: readonly KnownFile[];
  /** What its files do not say of themselves: classes in the order of the labels, source, licence. */
  readonly info: Required<Pick<DatasetInfo, "description" | "classes" | "source" | "licence">>;
}

/** Fewest and most bytes that a file may have. */
export function boundsOf({ bytes, roundedTo = 0 }: KnownFile): { least: number; most: number } {
  return { least: bytes - roundedTo, most: bytes + roundedTo };
}
