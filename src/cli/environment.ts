/**
 * Reads a variable of the environment.
 *
 * @param name Its name.
 * @returns Its value; undefined if it is empty, not set, or this process may not look.
 */
export function variableOf(name: string): string | undefined {
  const { state } = Deno.permissions.querySync({ name: "env", variable: name });
  return (state === "granted" && Deno.env.get(name)) || undefined;
}
