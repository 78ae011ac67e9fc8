import type { Model } from "../../zoo/mod.ts";
import type { InputKind } from "../onnx/input_kind.ts";

/** How a file holds the numbers of a network. */
export type Precision = "f32" | "f16" | "int8";

/** What may be said of a file beside its format. */
export interface ExportRequest {
  /** What the network reads, in formats whose files run by themselves. */
  readonly input: InputKind;
  /** Type of its numbers; one of those of the exporter. */
  readonly precision: Precision;
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
   * Writes a network as the content of one file. Equal networks give equal content.
   *
   * @param model The network with its classes and normalisation; its state may hold an auxiliary head.
   * @param request What else was asked for; formats that have no choice leave it alone.
   * @returns Bytes, or text for UTF-8.
   */
  write(model: Model, request: ExportRequest): Uint8Array | string | Promise<Uint8Array | string>;
}
