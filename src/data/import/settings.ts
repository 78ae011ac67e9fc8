import type { PictureShape } from "../../engine/mod.ts";
import { DataError } from "../errors.ts";
import { imageSideBounds } from "../images.ts";

/** How a picture that is longer than wide comes to a square: its ends are cut off, or white is added beside it. */
export type Fit = PictureShape["fit"];

/** What a user may say of how the pictures of a dataset become images of one size. */
export interface ImportSettings {
  /** Height and width of the images in pixels; of pictures what is near their sizes, of decoded images their own if left out. */
  readonly side?: number | undefined;
  /** 1 grey, 3 colour; what the pictures are if left out. */
  readonly channels?: 1 | 3 | undefined;
  /** What is done to pictures that are not square. */
  readonly fit?: Fit | undefined;
  /** Share of the images that is set apart for tests where the files set none apart; above 0 and below 1. */
  readonly testPortion?: number | undefined;
  /** Seed of that choice. It is not a run's, so that all runs are tested on the same images. */
  readonly splitSeed?: number | undefined;
}

/** The same with the defaults in. */
export interface CompleteImport extends ImportSettings {
  /** How a picture of other proportions becomes a square. */
  readonly fit: Fit;
  /** Share of the images that is set apart for tests where the dataset has none. */
  readonly testPortion: number;
  /** Chooses them. */
  readonly splitSeed: number;
}

/** The ways to make a square. */
export const FITS: readonly Fit[] = ["crop", "pad"];

/** Smallest and largest side that images may be brought to. */
export const SIDE_RANGE = { from: imageSideBounds.smallest, to: imageSideBounds.largest } as const;

/** Everything from the pictures; a fifth of the images is set apart. */
export const DEFAULT_IMPORT: CompleteImport = { fit: "crop", testPortion: 0.2, splitSeed: 0 };

/**
 * Completes settings and checks them: they may come from a file.
 *
 * @param settings The settings; nothing of them is needed.
 * @returns All settings, side and channels only if they are given.
 * @throws {DataError} If one is out of range; names it.
 */
export function completeImport(settings: ImportSettings = {}): CompleteImport {
  const { side, channels } = settings;
  const fit = settings.fit ?? DEFAULT_IMPORT.fit;
  const testPortion = settings.testPortion ?? DEFAULT_IMPORT.testPortion;
  const splitSeed = settings.splitSeed ?? DEFAULT_IMPORT.splitSeed;
  const { from, to } = SIDE_RANGE;
  const isSide = side === undefined || (Number.isInteger(side) && side >= from && side <= to);
  demand(isSide, "side", side, `a whole number from ${from} to ${to}`);
  demand(channels === undefined || channels === 1 || channels === 3, "channels", channels, "1 (grey) or 3 (colour)");
  demand(FITS.includes(fit), "fit", fit, FITS.join(" or "));
  demand(testPortion > 0 && testPortion < 1, "test portion", testPortion, "a number above 0 and below 1");
  demand(Number.isSafeInteger(splitSeed) && splitSeed >= 0, "split seed", splitSeed, "a whole number from 0");
  return { side, channels, fit, testPortion, splitSeed };
}

function demand(isRight: boolean, name: string, found: unknown, expected: string): void {
  if (!isRight) {
    throw new DataError(`Cannot import images: the ${name} is ${JSON.stringify(found)}, expected ${expected}`);
  }
}
