import type { PathContent } from "../files.ts";
import type { ImageStack } from "../images.ts";
import type { DatasetInfo } from "../info.ts";

/** Images with their labels as a file format holds them: not checked, not split, not normalised. */
export interface RawPart extends ImageStack {
  /** Class of each image. */
  readonly labels: Uint8Array<ArrayBuffer>;
  /** Where images and labels come from, for messages: a path, or a place within a file. */
  readonly origin: { readonly images: string; readonly labels: string };
}

/** What a reader returns: all that the files say, believed by nobody yet. */
export interface RawDataset {
  /** The part to learn from. */
  readonly train: RawPart;
  /** Images to validate on, if the files set some apart. */
  readonly validation?: RawPart | undefined;
  /** Images that only a finished network sees; if there are none, some of the training images are set apart. */
  readonly test?: RawPart | undefined;
  /** Names, classes, source and licence, as far as the files tell. */
  readonly info: DatasetInfo;
  /** Where the information comes from, for messages. */
  readonly infoOrigin: string;
}

/** A format in which a dataset can be given: one row of the table of readers. */
export interface Reader {
  /** Short name, unique in the table. */
  readonly name: string;
  /** What a user has to give, as in "expected …". */
  readonly describe: string;
  /**
   * Tells whether a path holds this format, by the names in a folder or the first bytes of a file. A damaged or incomplete one
   * is recognised too: only its own reader can say what is wrong with it.
   */
  recognises(found: PathContent): boolean;
  /**
   * Reads the dataset.
   *
   * @param found What {@linkcode Reader.recognises} has seen.
   * @returns Its parts; whatever can be checked without knowing the format is checked afterwards.
   * @throws {DataError} If a file is missing or damaged; one line that names it.
   */
  read(found: PathContent): Promise<RawDataset>;
}
