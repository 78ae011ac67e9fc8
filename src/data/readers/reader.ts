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

/** What a reader of images returns that are all of one size: all that the files say, believed by nobody yet. */
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

/** Part of a dataset to which a picture belongs. */
export type PartName = "train" | "validation" | "test";

/** A picture that is still encoded, as a listing knows it. */
export interface ListedPicture {
  /** Where it is, for messages and as its identity in the dataset: a path within the folder or archive, or a row of a file. */
  readonly name: string;
  /** Its part; `train` where the files do not tell. */
  readonly part: PartName;
  /** Its class, an index into {@linkcode PictureListing.classes}. */
  readonly label: number;
}

/** The bytes of a listed picture, or why there are none. */
export interface PictureBytes {
  /** Its place in {@linkcode PictureListing.pictures}. */
  readonly index: number;
  /** The encoded picture; of a picture that cannot be had, the error that says so in one line. */
  readonly content: Uint8Array<ArrayBuffer> | Error;
}

/**
 * What a reader of encoded pictures returns: which there are, before any is decoded. Order and labels are the same whatever
 * holds the pictures: class folders are sorted by name (by UTF-16 code units, as `sort()` does), pictures of a folder or
 * archive by part (train, validation, test), class and path; rows of a table keep their order.
 */
export interface PictureListing {
  /** Names of the classes, in the order of the labels. */
  readonly classes: readonly string[];
  /** The pictures. */
  readonly pictures: readonly ListedPicture[];
  /** Names of files that were passed over because they are no pictures, or have no class. */
  readonly ignored?: readonly string[] | undefined;
  /**
   * Reads the bytes of all pictures, each once, in the order that suits the source; holds a few of them at a time.
   *
   * @throws {DataError} If the source as a whole is damaged; a single picture's trouble is its `content`.
   */
  read(): AsyncIterable<PictureBytes>;
  /** Name, description, source and licence, as far as the files tell. */
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
   * Reads the dataset, or lists its pictures where they are encoded.
   *
   * @param found What {@linkcode Reader.recognises} has seen.
   * @returns Its parts, or the pictures; whatever can be checked without knowing the format is checked afterwards.
   * @throws {DataError} If a file is missing or damaged; one line that names it.
   */
  read(found: PathContent): Promise<RawDataset | PictureListing>;
  /**
   * Names the files that make up the dataset, so that a change of one is noticed; the file itself, or all files below a
   * folder, where this is left out or returns nothing.
   */
  filesOf?(found: PathContent): Promise<readonly string[] | undefined>;
}

/** Whether a reader returned a listing of encoded pictures. */
export function isListing(read: RawDataset | PictureListing): read is PictureListing {
  return "pictures" in read;
}
