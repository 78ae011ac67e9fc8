import { encode } from "fast-png";
import { fileURLToPath } from "node:url";
import type { Outcome, Participant } from "./participant.ts";
import { median } from "../median.ts";
import { denoIn } from "./processes.ts";
import { formatSeconds, type Part, type Row } from "./rows.ts";

const MOST_SECONDS = 1.5;
/** Processor time that one picture may take the command line, start included. */
const MOST_PREDICT_SECONDS = 0.2;
const SIDE = 32;
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

/** From the start of `rootstock predict` with one picture to its answer, in seconds of the processor: all threads, the runtime included. */
export const PREDICT_START_UP: Part = {
  name: "start-up-predict",
  async measure({ runs, folder }) {
    const picture = `${folder}/picture.png`;
    const data = Uint8Array.from({ length: SIDE * SIDE * 3 }, (_, i) => (i * i) % 256);
    await Deno.writeFile(picture, encode({ width: SIDE, height: SIDE, data, channels: 3, depth: 8 }));
    const network = fileURLToPath(new URL("../../data/zoo/gtsrb20/network.safetensors", import.meta.url));
    const outcomes: Record<string, Outcome> = {};
    const rows: Row[] = [];
    for (const mode of ["default", "fast"] as const) {
      const outcome: Outcome = { about: { command: "predict --from data/zoo/gtsrb20/network.safetensors" }, runs: [] };
      for (let run = 0; run < runs; run++) {
        const args = ["predict", "--from", network, picture];
        const script = new URL("../one_prediction.ts", import.meta.url);
        outcome.runs.push({
          seconds: await processorSeconds(await denoIn(mode, { script, args, permissions: ["--allow-read"] })),
        });
      }
      outcomes[mode] = outcome;
      const seconds = median(outcome.runs.map((run) => run.seconds));
      rows.push({
        work: `start of the command to one picture's class, time of the processor, ${mode}`,
        ours: formatSeconds(seconds),
        peer: "",
        toReach: `≤ ${MOST_PREDICT_SECONDS} s`,
        isReached: seconds <= MOST_PREDICT_SECONDS,
      });
    }
    return { rows, outcomes };
  },
};

async function processorSeconds(command: Participant["command"]): Promise<number> {
  const { program, args, env = {} } = command;
  const { success, stdout, stderr } = await new Deno.Command(program, { args, env, stdin: "null" }).output();
  if (!success) throw new Error(`Cannot time predict: ${new TextDecoder().decode(stderr).trim()}`);
  return Number(new TextDecoder().decode(stdout).trim().split("\n").at(-1));
}

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
