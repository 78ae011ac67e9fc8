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

function reason(error: unknown): string {
  if (error instanceof Deno.errors.NotFound) return "there is no such file or folder";
  if (error instanceof Deno.errors.PermissionDenied) return "the system refuses access, check the file's permissions";
  if (error instanceof Deno.errors.NotCapable) return "Deno may not read it, start with --allow-read";
  if (error instanceof Deno.errors.NotADirectory) return "it is not a folder";
  if (error instanceof Deno.errors.IsADirectory) return "it is a folder, expected a file";
  const message = error instanceof Error ? error.message : String(error);
  // A library's message may hold line breaks or the stray characters of a damaged file.
  // deno-lint-ignore no-control-regex
  return message.replace(/[\u0000-\u001f\u007f-\u009f]+/g, " ").trim() || "unknown failure";
}
