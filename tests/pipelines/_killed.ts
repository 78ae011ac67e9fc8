import { assert, assertEquals } from "@std/assert";
import { launchIn } from "../_launch.ts";

/** Processes that are killed; those after them are left alone, so that the test ends. */
const KILLS = 6;
/** Steps that a process takes at most before it is killed: few enough that several die in the shortest pipeline. */
const STEPS = 2;
/** Milliseconds between the last of these steps and the kill, at most: within its checkpoint, or soon after. */
const LINGER = 12;

/**
 * Runs a script again and again, each process killed within or after one of its next steps, until one has finished.
 * Kills follow steps, not a clock, so that they hit on machines of any speed.
 *
 * @param script Path of the script; it prints a byte as it ends a step, see {@linkcode toldSteps}.
 * @param args Its arguments.
 */
export async function runKilled(script: string, args: readonly string[]): Promise<void> {
  const { flags, env } = launchIn();
  let kills = 0;
  while (true) {
    const child = new Deno.Command(Deno.execPath(), {
      args: ["run", "--no-prompt", "--no-check", "--allow-read", "--allow-write", ...flags, script, ...args],
      env,
      stdout: "piped",
      stderr: "piped",
    }).spawn();
    const errors = new Response(child.stderr).text();
    let left = kills < KILLS ? 1 + Math.floor(Math.random() * STEPS) : Infinity;
    for await (const { length } of child.stdout) {
      left -= length;
      if (left > 0) continue;
      await new Promise((resolve) => setTimeout(resolve, Math.random() * LINGER));
      kill(child);
      break;
    }
    const { success, signal } = await child.status;
    const said = await errors;
    if (success) break;
    assertEquals(signal, "SIGKILL", said);
    kills++;
  }
  assert(kills > 1, `${kills} processes were killed before one had finished, expected several`);
}

function kill(child: Deno.ChildProcess): void {
  try {
    child.kill("SIGKILL");
  } catch (error) {
    // It has ended meanwhile.
    if (!(error instanceof TypeError)) throw error;
  }
}
