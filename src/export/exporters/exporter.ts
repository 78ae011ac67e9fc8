import type { Precision } from "../../formats/mod.ts";
import type { Model } from "../../zoo/mod.ts";
import type { ExportImages } from "./images.ts";
import type { InputKind } from "../onnx/input_kind.ts";

/** What may be said of a file beside its format. */
export interface ExportRequest {
  /** What the network reads, in formats whose files run by themselves. */
  readonly input: InputKind;
  /** Type of its numbers; one of those of the exporter. */
  readonly precision: Precision;
  /** Images that the network has learnt from, for formats that find ranges of its values. */
  readonly images?: ExportImages | undefined;
  /** Folder of onnxruntime-web, for what runs files of ONNX; where `deno task onnxruntime` puts it if left out. */
  readonly runtime?: string | undefined;
}

/** What is written unless a user asks for something else. */
export const DEFAULT_REQUEST: ExportRequest = { input: "uint8", precision: "f32" };

/** A format in which a finished network leaves the program: one row of the table of exporters. */
export interface Exporter {
  /** Name on the command line, unique in the table. */
  readonly name: string;
  /** What it writes and for whom, in one line. */
  readonly describe: string;
  /** What the names of its files end in, without the dot. */
  readonly extension: string;
  /** Types of numbers that it can write; `f32` alone if left out. */
  readonly precisions?: readonly Precision[] | undefined;
  /**
   * Classifies images by running a file of this format; left out where this program reads the format itself, or nothing can.
   *
   * @param content The file.
   * @param images The images.
   * @param request What it was written with.
   * @returns For each image the index of its class.
   */
  classify?(content: Uint8Array, images: ExportImages, request: ExportRequest): Promise<readonly number[]>;
  /**
   * Writes a network as the content of one file. Equal networks give equal content.
   *
   * @param model The network with its classes and normalisation; its state may hold an auxiliary head.
   * @param request What else was asked for; formats that have no choice leave it alone.
   * @returns Bytes, or text for UTF-8.
   */
  write(model: Model, request: ExportRequest): Uint8Array | string | Promise<Uint8Array | string>;
}
