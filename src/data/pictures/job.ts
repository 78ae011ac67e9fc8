import type { PictureShape } from "../../engine/mod.ts";
import type { DecodedImage } from "../decoders/decoder.ts";

/** A picture as a dataset or a network takes it. */
export interface PreparedPicture {
  /** Bytes of the shape that was asked for, [height, width, channels] row-major. */
  readonly pixels: Uint8Array<ArrayBuffer>;
  /** Whether every pixel of the source has channels that are (nearly) equal. */
  readonly isGrey: boolean;
  /** Height of the source, as it is to be seen, in pixels. */
  readonly height: number;
  /** Width of the source, as it is to be seen, in pixels. */
  readonly width: number;
}

/** What a worker is asked to prepare. */
export interface PictureJob {
  /** The encoded file; decoded already if it is of a type that was registered, which workers do not know. */
  readonly content: Uint8Array<ArrayBuffer> | DecodedImage;
  /** The file, for messages. */
  readonly name: string;
  /** The shape wanted. */
  readonly shape: PictureShape;
}

/** What a worker says once its code is loaded. */
export const READY = "ready";

/** What a worker answers to each job, in their order. */
export type PictureAnswer =
  & (
    | { readonly prepared: PreparedPicture }
    /** What went wrong: with the picture, or with the program. */
    | { readonly prepared?: undefined; readonly message: string; readonly isPictureAtFault: boolean }
  )
  & {
    /** Whether the worker is to be replaced: it has grown, or its kernels have failed. */
    readonly isSpent: boolean;
  };
