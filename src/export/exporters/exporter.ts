import type { Model } from "../../zoo/mod.ts";

/** A format in which a finished network leaves the program: one row of the table of exporters. */
export interface Exporter {
  /** Name on the command line, unique in the table. */
  readonly name: string;
  /** What it writes and for whom, in one line. */
  readonly describe: string;
  /** What the names of its files end in, without the dot. */
  readonly extension: string;
  /**
   * Writes a network as the content of one file. Equal networks give equal content.
   *
   * @param model The network with its classes and normalisation; its state may hold an auxiliary head.
   * @returns Bytes, or text for UTF-8.
   */
  write(model: Model): Uint8Array | string;
}
