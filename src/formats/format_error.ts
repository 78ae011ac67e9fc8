/** A file that is not what it says it is: truncated, damaged, or of another kind. */
export class FormatError extends Error {
  /** Tells it from other errors. */
  override readonly name = "FormatError";
}
