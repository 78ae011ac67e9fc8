import { printable } from "../../errors.ts";

/** The cache cannot be written: a reason to do without it, not to give up. */
export class CacheError extends Error {
  override name = "CacheError";
}

/**
 * Does something that writes to the cache.
 *
 * @param work What it does.
 * @returns What it returned.
 * @throws {CacheError} If it threw.
 */
export function inCache<Result>(work: () => Result): Result {
  try {
    return work();
  } catch (cause) {
    if (cause instanceof CacheError) throw cause;
    throw new CacheError(reasonOf(cause), { cause });
  }
}

function reasonOf(cause: unknown): string {
  if (cause instanceof Deno.errors.NotCapable) return "Deno may not write there";
  if (cause instanceof Deno.errors.PermissionDenied) return "the system refuses access";
  return printable(cause instanceof Error ? cause.message : String(cause));
}
