/** Text of a value for a message; long typed arrays and objects are cut. */
export function show(value: unknown): string {
  return Deno.inspect(value, {
    depth: 10,
    sorted: true,
    trailingComma: true,
    iterableLimit: 50,
    strAbbreviateSize: 2000,
  });
}

/** A message with the caller's own words behind it. */
export function withMessage(text: string, message: string | undefined): string {
  return message === undefined ? text : `${text}: ${message}`;
}
