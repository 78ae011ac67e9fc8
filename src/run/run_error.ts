/** A run that cannot go on for a reason outside the program: a damaged file, a full disk, a folder in use. */
export class RunError extends Error {
  /** Tells it from other errors. */
  override readonly name = "RunError";
}

/**
 * Words a failure of the file system as one line.
 *
 * @param attempt What was attempted, such as `Cannot write runs/a/result.json`.
 * @param error What the runtime threw.
 * @returns The error to throw instead: the same one if it is a {@linkcode RunError} already.
 */
export function asRunError(attempt: string, error: unknown): RunError {
  if (error instanceof RunError) return error;
  return new RunError(`${attempt}: ${describe(error)}`, { cause: error });
}

/** Name of a system's error by its number in the runtime's message. */
function systemCode(message: string): string | undefined {
  const number = /\(os error (\d+)\)/.exec(message)?.[1] ?? "";
  const { os } = Deno.build;
  const codes: Readonly<Record<string, string>> = os === "windows"
    ? { 112: "ENOSPC", 19: "EROFS" }
    : { 27: "EFBIG", 28: "ENOSPC", 30: "EROFS", [os === "linux" ? 122 : 69]: "EDQUOT" };
  return codes[number];
}

function describe(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  // The runtime has no class for these; it gives the number of the system, and not always the name.
  const code = (error as Error & { code?: string }).code ?? systemCode(error.message);
  if (code === "ENOSPC" || code === "EDQUOT") return "no space is left on the disk";
  if (code === "EFBIG") return "the file grows beyond the limit of the system";
  if (code === "EROFS") return "the disk is read-only";
  if (error instanceof Deno.errors.NotFound) return "found no such file or folder";
  if (error instanceof Deno.errors.NotADirectory) return "a part of the path is a file, expected folders";
  if (error instanceof Deno.errors.IsADirectory) return "found a folder, expected a file";
  if (error instanceof Deno.errors.NotCapable) {
    return "Deno was not allowed to: many tasks write below runs/ only, docs/security.md says which";
  }
  if (error instanceof Deno.errors.PermissionDenied) return "permission denied";
  return error.message.split("\n")[0]!;
}
