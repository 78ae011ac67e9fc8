import { fileURLToPath } from "node:url";
import type { LaunchMode } from "../../src/engine/mod.ts";
import type { Circumstances, Sizes, Work } from "../workload.ts";
import type { Participant } from "./participant.ts";

/** Memory layouts of PyTorch that are tried. */
const LAYOUTS = ["contiguous", "channels_last"] as const;

const PEERS = new URL("../peers/", import.meta.url);
/** Peers from npm: never fetched here (bench/peers/README.md tells how), with no more than reading. */
const JAVASCRIPT = ["run", "--no-prompt", "--quiet", "--no-config", "--no-lock", "--cached-only", "--allow-read"];

/** The flags by which V8 runs in a launch mode: those of the bench tasks, which are written in deno.json alone. */
async function modeFlags(mode: LaunchMode): Promise<string> {
  const { tasks } = JSON.parse(await Deno.readTextFile(new URL("../../deno.json", import.meta.url)));
  const command: string = tasks[mode === "fast" ? "bench:fast" : "bench"].command;
  return /--v8-flags=\S+/.exec(command)![0];
}

/** Runs a script of this repository by Deno in a launch mode. */
export async function denoIn(
  mode: LaunchMode,
  { script, args, permissions }: { script: URL; args: string[]; permissions: string[] },
): Promise<Participant["command"]> {
  const allowed = [...permissions, "--allow-env=ROOTSTOCK_MODE,ROOTSTOCK_KERNELS_DIR"];
  return {
    program: Deno.execPath(),
    args: ["run", "--no-prompt", await modeFlags(mode), ...allowed, fileURLToPath(script), ...args],
    env: { ROOTSTOCK_MODE: mode },
  };
}

/** Rootstock at some work, in a process of its own. */
export async function rootstock(
  name: string,
  work: Work,
  { mode = "default", ...circumstances }: Circumstances & { mode?: LaunchMode; repeats?: number },
): Promise<Participant> {
  const script = new URL("../main.ts", import.meta.url);
  const args = ["serve", JSON.stringify(work), JSON.stringify(circumstances)];
  return { name, command: await denoIn(mode, { script, args, permissions: ["--allow-read"] }) };
}

/** PyTorch at a training step, in the layout that it finds to be faster on a small batch. */
export function pytorchStep(
  sizes: Sizes,
  { threads, isDerived }: { threads: number; isDerived: boolean },
): Participant {
  const { channels, cells, batch, image, inputChannels } = sizes;
  const flags = { channels, cells, batch, image, "input-channels": inputChannels, threads };
  const command = python("pytorch_step.py", flags, [...(isDerived ? ["--derived"] : []), "--serve"]);
  return { name: "PyTorch", command };
}

/** PyTorch at the inference of a model, once for each layout. */
export function pytorchInference(
  model: string,
  flags: { batch: number; threads: number; repeats: number },
): Participant[] {
  return LAYOUTS.map((layout) => ({
    name: `PyTorch ${layout}`,
    command: python("pytorch_inference.py", { ...flags, layout }, [model]),
  }));
}

/** Native onnxruntime at the inference of an ONNX file that was exported from a model. */
export function onnxruntime(
  model: string,
  onnx: string,
  flags: { batch: number; threads: number; repeats: number },
): Participant {
  return { name: "onnxruntime", command: python("onnxruntime_native.py", flags, [model, onnx]) };
}

/** A command of a script in Python. */
export function python(script: string, flags: Record<string, string | number>, rest: string[]): Participant["command"] {
  const given = Object.entries(flags).flatMap(([flag, value]) => [`--${flag}`, String(value)]);
  return { program: "python3", args: [fileURLToPath(new URL(script, PEERS)), ...given, ...rest] };
}

/** A peer in JavaScript, under Deno by default flags. */
export function javascript(name: string, script: string, args: string[]): Participant {
  const path = fileURLToPath(new URL(script, PEERS));
  return { name, command: { program: Deno.execPath(), args: [...JAVASCRIPT, path, ...args] } };
}
