/** A command line that cannot be understood: one line that names the flag and says what to do. Exit code 2. */
export class UsageError extends Error {
  override readonly name = "UsageError";
}
