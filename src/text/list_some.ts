/** Names that are shown: more are counted. */
const SHOWN = 5;

/**
 * Lists names in a message, however many there are.
 *
 * @param names The names.
 * @returns The first five, and how many more there are.
 */
export function listSome(names: readonly string[]): string {
  const more = names.length - SHOWN;
  return names.slice(0, SHOWN).join(", ") + (more > 0 ? ` and ${more} more` : "");
}
