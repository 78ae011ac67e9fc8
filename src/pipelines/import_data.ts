import { type Dataset, openDataset, type OpenOptions } from "../data/mod.ts";

/** What `data import` answers. */
export interface ImportResult {
  /** Command. */
  readonly command: "data import";
  /** Dataset, as the user named it. */
  readonly data: string;
  /** Names of the classes. */
  readonly classes: readonly string[];
  /** Height of the images in pixels. */
  readonly height: number;
  /** Width in pixels. */
  readonly width: number;
  /** 1 grey, 3 colour. */
  readonly channels: number;
  /** Images to learn from. */
  readonly train: number;
  /** Images to validate on that the files set apart. */
  readonly validation: number;
  /** Test images. */
  readonly test: number;
  /** Pictures that are left out. */
  readonly unreadable: Dataset["unreadable"];
  /** Identifies the content. */
  readonly fingerprint: string;
  /** Whether pictures were decoded, or the images were there already. */
  readonly isDecoded: boolean;
  /** Seconds of all. */
  readonly seconds: number;
  /** Images a second, where pictures were decoded. */
  readonly imagesPerSecond?: number | undefined;
}

/**
 * Imports a dataset, so that commands find it decoded.
 *
 * @param data Name or path.
 * @param options How pictures become images, where they are kept, who listens.
 * @returns What it holds, and what it took.
 * @throws {DataError} If there is no such dataset, or it is damaged.
 */
export async function importData(data: string, options: OpenOptions): Promise<ImportResult> {
  const startedAt = performance.now();
  let decoded = 0;
  const dataset = await openDataset(data, {
    ...options,
    onProgress(progress) {
      if (progress.phase === "decode") decoded = progress.done;
      options.onProgress?.(progress);
    },
  });
  const seconds = Math.round(performance.now() - startedAt) / 1000;
  const { classes, height, width, channels, train, validation, test, unreadable, fingerprint } = dataset;
  return {
    command: "data import",
    data,
    classes,
    height,
    width,
    channels,
    train: train.count,
    validation: validation?.count ?? 0,
    test: test.count,
    unreadable,
    fingerprint,
    isDecoded: decoded > 0,
    seconds,
    imagesPerSecond: decoded > 0 ? Math.round(decoded / seconds) : undefined,
  };
}
