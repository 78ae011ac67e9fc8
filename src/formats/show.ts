const MOST_CHARACTERS = 80;

/** What JSON leaves as it is though it commands a terminal, or turns the order of text around. */
const COMMANDS = /[\x7f-\x9f\u202a-\u202e\u2066-\u2069]/g;

/**
 * Words a value from a file for a message: on one line, short, and harmless to a terminal.
 *
 * @param value Any value.
 * @returns JSON, or the beginning of it.
 */
export function show(value: unknown): string {
  const text = (JSON.stringify(value) ?? "nothing").replace(
    COMMANDS,
    (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, "0")}`,
  );
  return text.length > MOST_CHARACTERS ? `${text.slice(0, MOST_CHARACTERS - 3)}…` : text;
}

/**
 * Words a name from a file for a message.
 *
 * @param name Any text.
 * @returns It as it is if it is a plain word, else as {@linkcode show} does.
 */
export function showName(name: string): string {
  return /^[\x21-\x7e]{1,80}$/.test(name) ? name : show(name);
}
