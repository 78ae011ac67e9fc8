import type { Dataset } from "./dataset.ts";
import { pixelPieces } from "./pixels.ts";
import { nodeCrypto } from "./node_library.ts";

/** What a fingerprint is taken of. */
export type FingerprintContent = Pick<
  Dataset,
  "classes" | "height" | "width" | "channels" | "train" | "validation" | "test"
>;

/** The same of images of which none are set apart for tests yet. */
export type UndividedContent = Omit<FingerprintContent, "test"> & { readonly test?: Dataset["test"] | undefined };

/** Changes whenever the same content is to have another fingerprint than before. */
const VERSION = "rootstock-dataset-1";

/** How images are normalised. It follows from the pixels, so that the rule stands for its numbers. */
const NORMALISATION = "mean and deviation of each channel over the training images";

/**
 * Identifies what a network learns and is tested from: pixels, labels, class names, image size, parts and normalisation. Names,
 * licence and augmentation are not in it, nor is anything of the files: docs/formats.md describes it byte by byte.
 *
 * @param content A dataset, divided or not.
 * @returns SHA-256 in hex digits.
 */
export function fingerprint(content: UndividedContent): string {
  const { classes, height, width, channels } = content;
  const parts = (["train", "validation", "test"] as const).flatMap((name) => {
    const part = content[name];
    return part === undefined ? [] : [{ name, part }];
  });
  const counts = parts.map(({ name, part }) => [name, part.count]);
  const header = { format: VERSION, classes, height, width, channels, normalisation: NORMALISATION, parts: counts };
  // The header says how long everything after it is, so no two contents are the same row of bytes.
  const hash = nodeCrypto().createHash("sha256").update(`${JSON.stringify(header)}\n`);
  const size = height * width * channels;
  for (const { part } of parts) {
    for (const { bytes } of pixelPieces(part.pixels, size)) hash.update(bytes);
    hash.update(part.labels);
  }
  return hash.digest("hex");
}
