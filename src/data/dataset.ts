import type { Augmentation } from "../engine/mod.ts";
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

/** A checked image-classification dataset in memory. */
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
  /** How training images may be varied. */
  readonly augmentation: Augmentation;
  /** Where the images come from. */
  readonly source: string;
  /** Terms under which they may be used. */
  readonly licence: string;
  /** Whom to credit; may be empty. */
  readonly attribution: string;
  /** Identifies the content, whatever files it came from; see docs/formats.md. */
  readonly fingerprint: string;
}
