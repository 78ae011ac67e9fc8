import { RunError } from "./run_error.ts";

/**
 * Checks that this process may reach a server: the runtime's own words name no task that may.
 *
 * @param reach Host and port, as permissions have them.
 * @param expected Whoever may, in a message.
 * @throws {RunError} If it may not.
 */
export async function requireReach(reach: string, expected: string): Promise<void> {
  const { state } = await Deno.permissions.query({ name: "net", host: reach });
  if (state !== "granted") throw new RunError(`Cannot reach ${reach}: this task may not; expected ${expected}`);
}
