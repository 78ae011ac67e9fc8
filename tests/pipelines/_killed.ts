import { assert, assertEquals } from "@std/assert";
import { launchIn } from "../_launch.ts";

/** Processes that are killed; those after them are left alone, so that the test ends. */
const KILLS = 6;

/**
 * Runs a script again and again, each process killed a little later than the one before, until one has finished.
 *
 * @param script Path of the script.
 * @param args Its arguments.
 * @param delays Milliseconds that the first process lives at least, and how much longer each of the next.
 */
export async function runKilled(
  script: string,
  args: readonly string[],
  { first, more }: { first: number; more: number },
): Promise<void> {
  const { flags, env } = launchIn();
  let kills = 0;
  while (true) {
    const child = new Deno.Command(Deno.execPath(), {
      args: ["run", "--no-prompt", "--no-check", "--allow-read", "--allow-write", ...flags, script, ...args],
      env,
      stdout: "null",
      stderr: "piped",
    }).spawn();
    const delay = kills < KILLS ? first + more * kills + Math.random() * 200 : undefined;
    const timer = delay === undefined ? undefined : setTimeout(() => child.kill("SIGKILL"), delay);
    const { success, signal, stderr } = await child.output();
    clearTimeout(timer);
    if (success) break;
    assertEquals(signal, "SIGKILL", new TextDecoder().decode(stderr));
    kills++;
  }
  assert(kills > 1, `${kills} processes were killed before one had finished, expected several`);
}
