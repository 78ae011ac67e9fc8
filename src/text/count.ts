/**
 * Words a number of things.
 *
 * @param count How many.
 * @param thing What one of them is called, whose plural ends in s.
 * @returns Such as `1 epoch` and `2 epochs`.
 */
export function countOf(count: number, thing: string): string {
  return `${count.toLocaleString("en")} ${thing}${count === 1 ? "" : "s"}`;
}
