import type { Augmentation } from "../engine/mod.ts";
import type { CompleteImport } from "./import/settings.ts";
import type { Pixels } from "./pixels.ts";

/** Images with their labels. */
export interface Split {
  /** The images, in memory or in a file. */
  readonly pixels: Pixels;
  /** Class of each image, an index into {@linkcode Dataset.classes}. */
  readonly labels: Uint8Array<ArrayBuffer>;
  /** Number of images, at least 1. */
  readonly count: number;
}

/** A picture that cannot be read. */
export interface UnreadablePicture {
  /** Path within the folder or archive, or row of a file. */
  readonly name: string;
  /** What is wrong with it, as the end of a line. */
  readonly reason: string;
}

/** A checked image-classification dataset. */
export interface Dataset {
  /** Short name. */
  readonly name: string;
  /** One sentence: what the images show; may be empty. */
  readonly description: string;
  /** Names of the classes, in the order of the labels. */
  readonly classes: readonly string[];
  /** Image height in pixels. */
  readonly height: number;
  /** Image width in pixels. */
  readonly width: number;
  /** 1 for grey, 3 for colour (red, green, blue). */
  readonly channels: 1 | 3;
  /** The part to learn from, and to hold validation images out of. */
  readonly train: Split;
  /** Images that the files set apart for validation; nothing learns from them. */
  readonly validation?: Split | undefined;
  /** The part that only a finished network sees; a fifth of the training images where the files set none apart. */
  readonly test: Split;
  /** Whether the files set no test images apart, so that which ones they are depends on all images. */
  readonly isTestSplitOff: boolean;
  /** How training images may be varied. */
  readonly augmentation: Augmentation;
  /** Where the images come from. */
  readonly source: string;
  /** Terms under which they may be used. */
  readonly licence: string;
  /** Whom to credit; may be empty. */
  readonly attribution: string;
  /** Pictures of the files that are left out because they cannot be read. */
  readonly unreadable: readonly UnreadablePicture[];
  /** How the images were made of pictures, or divided: what opens the same images again. */
  readonly images: CompleteImport;
  /** Identifies the content, whatever files it came from; see docs/formats.md. */
  readonly fingerprint: string;
}
