import type { LaunchMode } from "../src/engine/mod.ts";

/** The mode in which this process was launched; tests start others in the same one. */
export function ownMode(): LaunchMode {
  return Deno.env.get("ROOTSTOCK_MODE") === "fast" ? "fast" : "default";
}

/**
 * How to run the program in a launch mode: V8's flags, which are those of the tasks, and the variable that goes with them.
 *
 * @param mode The mode; that of this process if left out.
 */
export function launchIn(mode: LaunchMode = ownMode()): { flags: string[]; env: Record<string, string> } {
  const { tasks } = JSON.parse(Deno.readTextFileSync(new URL("../deno.json", import.meta.url)));
  const command: string = tasks[mode === "fast" ? "fast" : "rootstock"].command;
  const flags = [/--v8-flags=\S+/.exec(command)![0], "--allow-env=ROOTSTOCK_MODE,ROOTSTOCK_KERNELS_DIR"];
  return { flags, env: { ROOTSTOCK_MODE: mode } };
}
