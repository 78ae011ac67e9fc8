import project from "../../deno.json" with { type: "json" };
import { HOST, type LaunchMode } from "../engine/mod.ts";
import { RunError } from "../run/mod.ts";
import { KEY_VARIABLES } from "../store/mod.ts";
import type { Launch } from "../sweep/mod.ts";
import { variableOf } from "./environment.ts";
import { fileURLToPath } from "node:url";

/** The variable by which a process knows that a worker has started it, and that it is to end with that. */
const TRIAL = "ROOTSTOCK_TRIAL";

/** What a trial's process is not told: keys and passwords, which it needs for nothing. */
const SECRETS = ["ROOTSTOCK_QUEUE", ...KEY_VARIABLES];

/** Whether a worker has started this process for a trial. */
export function isTrial(): boolean {
  return variableOf(TRIAL) === "yes";
}

/**
 * How the command line is started in a process of its own, with no more permissions than it needs. Its module is that of this process.
 *
 * @param mode Launch mode, which the kernels must not be wrong about: that of this process if left out.
 * @returns Arguments of `deno` and variables.
 */
export function launchTrial(mode: LaunchMode = HOST.mode): Launch {
  const { command } = project.tasks[mode === "fast" ? "fast" : "rootstock"];
  // The tasks alone say with which flags V8 runs the kernels, and which variables count.
  const flags = command.split(" ").filter((word) => /^--(v8-flags|allow-env)=/.test(word))
    .map((word) => word.startsWith("--allow-env=") ? `${word},${TRIAL}` : word);
  const module = Deno.mainModule.startsWith("file:") ? fileURLToPath(Deno.mainModule) : Deno.mainModule;
  return {
    before: (writes) => [
      "run",
      "--no-prompt",
      "--quiet",
      ...flags,
      "--allow-read",
      `--allow-write=${writes.join(",")}`,
      module,
    ],
    env: { ...Object.fromEntries(SECRETS.map((name) => [name, ""])), ROOTSTOCK_MODE: mode, [TRIAL]: "yes" },
  };
}

/**
 * Checks that this process may start others.
 *
 * @param task The task that may.
 * @throws {RunError} If it may not.
 */
export function checkMayStart(task: string): void {
  const { state } = Deno.permissions.querySync({ name: "run", command: Deno.execPath() });
  if (state === "granted") return;
  const others = task === "worker" ? "" : ", or a queue with deno task worker";
  throw new RunError(`Cannot start workers: this process may start no others, expected deno task ${task}${others}`);
}
