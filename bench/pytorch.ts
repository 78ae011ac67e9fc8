import { parseArgs } from "@std/cli/parse-args";
import { fileURLToPath } from "node:url";
import type { Build } from "../src/engine/mod.ts";
import { describeTiming, type StepOptions, timeStep } from "./step.ts";

type Sizes = Omit<StepOptions, "runs" | "isProfiled" | "threads" | "build" | "memoryBytes">;

/** The supernet of the DARTS paper on 32×32 colour images, the small one of searches here, and a derived network. */
const SUPERNETS: Record<string, Sizes> = {
  paper: { channels: 16, cells: 8, batch: 64, image: 32, inputChannels: 3 },
  small: { channels: 8, cells: 5, batch: 64, image: 28, inputChannels: 1 },
  colour: { channels: 8, cells: 5, batch: 64, image: 32, inputChannels: 3 },
  derived: { channels: 16, cells: 8, batch: 64, image: 32, inputChannels: 3, isDerived: true },
};

interface PeerTiming {
  medianSeconds: number;
  torchVersion: string;
  layout: string;
}

/**
 * `pytorch`: times two supernets beside PyTorch's eager mode on the same cores, where `python3` has PyTorch.
 *
 * Options: --only paper|small|colour|derived, --layout best|contiguous|channels_last (of PyTorch; contiguous is its own default, best whichever
 * is faster on a small batch), --threads, --build, --runs, --json.
 */
export async function benchBesidePyTorch(args: string[]): Promise<void> {
  const flags = parseArgs(args, {
    string: ["only", "layout", "threads", "build", "runs"],
    boolean: ["json"],
    default: { runs: "5", layout: "best" },
  });
  const rows = [];
  for (const [name, sizes] of Object.entries(SUPERNETS)) {
    if (flags.only && flags.only !== name) continue;
    const rootstock = await timeStep({
      ...sizes,
      runs: Number(flags.runs),
      ...(flags.threads ? { threads: Number(flags.threads) } : {}),
      ...(flags.build ? { build: flags.build as Build } : {}),
    });
    const pytorch = await timePyTorch(sizes, rootstock.threads, rootstock.runs, flags.layout);
    const ratio = pytorch && pytorch.medianSeconds / rootstock.medianSeconds;
    rows.push({ name, ...sizes, rootstock, pytorch, ratio });
    if (flags.json) continue;
    const { channels, cells, batch, image, inputChannels } = sizes;
    console.log(`${name}: C=${channels}, ${cells} cells, batch ${batch}, ${image}×${image}×${inputChannels}`);
    console.log(`  rootstock ${describeTiming(rootstock)}`);
    console.log(
      pytorch
        ? `  PyTorch ${pytorch.torchVersion}, ${pytorch.layout}: ${pytorch.medianSeconds.toFixed(3)} s a step, ${
          ratio!.toFixed(2)
        } times as long`
        : "  PyTorch: not measured, python3 does not have it",
    );
  }
  if (flags.json) console.log(JSON.stringify({ rows }, null, 2));
}

/** The same step in PyTorch; undefined where it is not installed. */
async function timePyTorch(
  sizes: Sizes,
  threads: number,
  runs: number,
  layout: string,
): Promise<PeerTiming | undefined> {
  const script = fileURLToPath(new URL("peers/pytorch_step.py", import.meta.url));
  const { channels, cells, batch, image, inputChannels } = sizes;
  const flags = { channels, cells, batch, image, "input-channels": inputChannels, threads, runs, layout };
  const derived = sizes.isDerived ? ["--derived"] : [];
  try {
    const { success, stdout } = await new Deno.Command("python3", {
      args: [script, ...Object.entries(flags).flatMap(([flag, value]) => [`--${flag}`, String(value)]), ...derived],
      stderr: "null",
    }).output();
    return success ? JSON.parse(new TextDecoder().decode(stdout)) : undefined;
  } catch (error) {
    // Without python3 the task's permission names a program that is not there.
    if (error instanceof Deno.errors.NotFound || error instanceof Deno.errors.NotCapable) return undefined;
    throw error;
  }
}
