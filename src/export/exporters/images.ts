import type { Pixels } from "../../data/mod.ts";

/** Images that a file is fitted to, or tried on. */
export interface ExportImages {
  /** Bytes [count, height, width, channels], 0 to 255. */
  readonly pixels: Pixels;
  /** Number of images. */
  readonly count: number;
  /** Sizes of an image. */
  readonly shape: readonly [height: number, width: number, channels: number];
}
