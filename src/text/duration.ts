/**
 * Words a time span with as much detail as helps: `12 s`, `3 min 05 s`, `2 h 07 min`, `3 d 04 h`.
 *
 * @param seconds The span; negative ones count as none.
 * @returns The words; `?` for what is not a finite number.
 * @example Seconds and minutes
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { formatDuration } from "./mod.ts";
 *
 * assertEquals([12, 185, 7620].map(formatDuration), ["12 s", "3 min 05 s", "2 h 07 min"]);
 * ```
 */
export function formatDuration(seconds: number): string {
  if (!Number.isFinite(seconds)) return "?";
  const total = Math.max(0, Math.round(seconds));
  if (total < 60) return `${total} s`;
  if (total < 3600) return pair(total, 60, "min", 1, "s");
  if (total < 86_400) return pair(total, 3600, "h", 60, "min");
  return pair(total, 86_400, "d", 3600, "h");
}

function pair(total: number, large: number, largeUnit: string, small: number, smallUnit: string): string {
  const rest = Math.floor((total % large) / small);
  return `${Math.floor(total / large)} ${largeUnit} ${String(rest).padStart(2, "0")} ${smallUnit}`;
}
