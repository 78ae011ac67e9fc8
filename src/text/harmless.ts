/** Characters that command a terminal, or turn the order of text around, but for line breaks. */
// deno-lint-ignore no-control-regex
const COMMANDS = /[\x00-\x09\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]/g;

/**
 * Makes of text what does nothing to a terminal: names of classes and of files come from anywhere.
 *
 * @param text Any text.
 * @returns It with a mark for each control character; line breaks stay.
 */
export function harmless(text: string): string {
  return text.replace(COMMANDS, "\ufffd");
}

/**
 * Words a value as JSON that does nothing to a terminal: JSON leaves some control characters as they are.
 *
 * @param document Plain data.
 * @returns Indented JSON of the same value.
 */
export function harmlessJson(document: unknown): string {
  return JSON.stringify(document, null, 2).replace(
    COMMANDS,
    (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, "0")}`,
  );
}
