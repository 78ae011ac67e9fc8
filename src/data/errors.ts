/**
 * Bad input that a user can mend: a file that is missing, damaged or not what was asked for.
 *
 * Its message is one line that names the file, says what was found and what was expected or what to do, and can be shown
 * as it is. Every other error that leaves this folder is a mistake in the program.
 */
export class DataError extends Error {
  /** Always `"DataError"`, so that the class survives being sent between workers. */
  override name = "DataError";
}

/**
 * Turns a failed system call on a path into the line that a user should see.
 *
 * @param action What was attempted, as in `Cannot <action> <path>`.
 * @param path The file or folder.
 * @param error What the runtime threw.
 * @returns A {@linkcode DataError}; `error` itself when it is one already, since it says more.
 */
export function explainFailure(action: string, path: string, error: unknown): DataError {
  if (error instanceof DataError) return error;
  return new DataError(`Cannot ${action} ${path}: ${reason(error)}`, { cause: error });
}

// By name, since the classes themselves exist in Deno only.
const reasons: Readonly<Record<string, string>> = {
  NotFound: "there is no such file or folder",
  PermissionDenied: "the system refuses access, check the file's permissions",
  NotCapable: "Deno may not read it, start with --allow-read",
  NotADirectory: "it is not a folder",
  IsADirectory: "it is a folder, expected a file",
};

function reason(error: unknown): string {
  const known = error instanceof Error ? reasons[error.name] : undefined;
  if (known !== undefined) return known;
  return printable(error instanceof Error ? error.message : String(error)) || "unknown failure";
}

/**
 * Makes one line that does nothing to a terminal of what a library or a file says, which may hold line breaks or stray
 * control characters.
 *
 * @param text Any text.
 * @returns It with a space for each run of them, without those at the ends.
 */
export function printable(text: string): string {
  return text.replace(/\p{Cc}+/gu, " ").trim();
}
