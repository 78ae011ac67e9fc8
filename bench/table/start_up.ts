import type { Outcome } from "./participant.ts";
import { median } from "../median.ts";
import { denoIn } from "./processes.ts";
import { formatSeconds, type Part, type Row } from "./rows.ts";

const MOST_SECONDS = 1.5;
const FIRST_STEP = /step\s+1\//;

/** From the start of `rootstock search` in its default, small configuration to the end of its first training step. */
export const START_UP: Part = {
  name: "start-up",
  async measure({ runs, folder }) {
    const outcomes: Record<string, Outcome> = {};
    const rows: Row[] = [];
    for (const mode of ["default", "fast"] as const) {
      const outcome: Outcome = { about: { command: "search --data fashion-mnist-12k" }, runs: [] };
      for (let run = 0; run < runs; run++) {
        const out = `${folder}/start-up`;
        await remove(out);
        const args = ["search", "--data", "fashion-mnist-12k", "--epochs", "1", "--out", out];
        const script = new URL("../first_step.ts", import.meta.url);
        const permissions = ["--allow-read", "--allow-write=runs"];
        const seconds = await timeFirstStep(await denoIn(mode, { script, args, permissions }));
        outcome.runs.push({ seconds });
        await remove(out);
      }
      outcomes[mode] = outcome;
      const seconds = median(outcome.runs.map((run) => run.seconds));
      rows.push({
        work: `start of the command to the end of the first step, small configuration, ${mode}`,
        ours: formatSeconds(seconds),
        peer: "",
        toReach: `≤ ${MOST_SECONDS} s`,
        isReached: seconds <= MOST_SECONDS,
      });
    }
    return { rows, outcomes };
  },
};

async function timeFirstStep(command: { program: string; args: string[]; env?: Record<string, string> }) {
  const { program, args, env = {} } = command;
  const start = performance.now();
  const child = new Deno.Command(program, { args, env, stdin: "null", stdout: "null", stderr: "piped" }).spawn();
  let text = "";
  try {
    for await (const part of child.stderr.pipeThrough(new TextDecoderStream())) {
      text += part;
      if (FIRST_STEP.test(text)) return (performance.now() - start) / 1000;
    }
    throw new Error(`Cannot time the start: the command ended with ${JSON.stringify(text.slice(-200))}`);
  } finally {
    try {
      child.kill("SIGKILL");
    } catch {
      // It has ended already.
    }
    await child.status;
  }
}

async function remove(folder: string): Promise<void> {
  await Deno.remove(folder, { recursive: true }).catch((error) => {
    if (!(error instanceof Deno.errors.NotFound)) throw error;
  });
}
