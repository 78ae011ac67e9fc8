/** How far an import has come. */
export interface ImportProgress {
  /** The dataset. */
  readonly name: string;
  /** Reading the sizes of pictures, or decoding them. */
  readonly phase: "measure" | "decode";
  /** Pictures done. */
  readonly done: number;
  /** Pictures in all. */
  readonly total: number;
}

/** Who is told of an import. */
export interface ImportListener {
  /** Called for every picture. May throw, which ends the import. */
  readonly onProgress?: ((progress: ImportProgress) => void) | undefined;
  /** Called with lines that a user should see: what was chosen, and what is left out. */
  readonly onNotice?: ((line: string) => void) | undefined;
}
