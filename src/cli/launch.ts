import project from "../../deno.json" with { type: "json" };
import { HOST, type LaunchMode } from "../engine/mod.ts";
import type { Launch } from "../sweep/mod.ts";
import { fileURLToPath } from "node:url";

/**
 * How the command line is started in a process of its own, with no more permissions than it needs.
 *
 * @param mode Launch mode, which the kernels must not be wrong about: that of this process if left out.
 * @returns Arguments of `deno` and variables.
 */
export function launchTrial(mode: LaunchMode = HOST.mode): Launch {
  const { command } = project.tasks[mode === "fast" ? "fast" : "rootstock"];
  // The tasks alone say with which flags V8 runs the kernels, and which variables count.
  const flags = command.split(" ").filter((word) => /^--(v8-flags|allow-env)=/.test(word));
  const address = new URL("./trial.ts", import.meta.url);
  const module = address.protocol === "file:" ? fileURLToPath(address) : address.href;
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
    env: { ROOTSTOCK_MODE: mode },
  };
}
