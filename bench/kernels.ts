import { parseArgs } from "@std/cli/parse-args";
import { fileURLToPath } from "node:url";
import { rustFlags } from "../tools/_kernel_builds.ts";
import { rustEnvironment } from "../tools/_rust.ts";

const CRATE = new URL("explorer/", import.meta.url);
const TARGET = "runs/explorer";
const MODULE = `${TARGET}/wasm32-unknown-unknown/release/explorer.wasm`;

interface Explorer {
  reset(): void;
  peak(wide: number, repeats: number): number;
  shipped_kernel(kernel: number, shape: number, wide: number, repeats: number): number;
  depthwise_tile(window: number, tile: number, repeats: number): number;
}

/** Speed of a kernel in isolation, its planes in the first-level cache. */
export interface KernelSpeed {
  kernel: string;
  shape: string;
  gflops: number;
  /** Share of the peak of 128-bit multiply-adds on registers, measured in the same run. */
  shareOfPeak: number;
}

/** Kernels in the explorer's order. */
const KERNELS = [
  "pointwise forward",
  "pointwise weight gradient",
  "pointwise input gradient",
  "depthwise forward",
  "depthwise weight gradient",
  "depthwise input gradient",
];
const CHANNELS = [8, 16, 32, 64];
/** Windows: kernel·100 + stride·10 + dilation. */
const WINDOWS = [311, 511, 312, 512, 321, 521];
/** Tiles in the explorer's order: lanes, outputs or upstream gradients in registers, window rows at once. */
const TILES = [
  ...["F8 T4 kept", "F8 T8 kept", "F8 T4", "F8 T8", "F4 T4 kept", "F4 T8 kept", "F4 T4", "F4 T8"].map((t) =>
    `forward ${t}`
  ),
  ...[
    "F8 T4 R1",
    "F8 T2 R1",
    "F4 T8 R1",
    "F4 T4 R1",
    "F4 T4 R2",
    "F4 T2 R2",
    "F4 T4 R3",
    "F4 T2 R3",
    "F8 T2 R2",
    "F8 T4 R3",
  ]
    .map((t) => `weight gradient ${t}`),
];

/**
 * `kernels`: how far each hot kernel is from the peak of this machine's registers, in this launch mode. Needs the kernel
 * toolchain (tools/install_toolchain.sh): kernels are built for it alone, without the rest.
 *
 * Options: --build strict|relaxed (default relaxed), --tiles (the tiles that were tried, too), --json.
 */
export async function benchKernels(args: string[]): Promise<void> {
  const flags = parseArgs(args, { string: ["build"], boolean: ["json", "tiles"], default: { build: "relaxed" } });
  if (flags.build !== "strict" && flags.build !== "relaxed") {
    throw new Error(`Cannot explore build ${flags.build}: expected strict or relaxed`);
  }
  const explorer = await loadExplorer(flags.build);
  const isFast = Deno.env.get("ROOTSTOCK_MODE") === "fast";
  const mode = isFast ? "fast" : "default";
  const peak = measure((repeats) => explorer.peak(0, repeats));
  const peakWide = measure((repeats) => explorer.peak(1, repeats));
  const speeds: KernelSpeed[] = [];
  const add = (kernel: string, shape: string, run: (repeats: number) => number) => {
    explorer.reset();
    const gflops = measure(run);
    speeds.push({ kernel, shape, gflops, shareOfPeak: gflops / peak });
  };
  KERNELS.forEach((kernel, k) => {
    for (const shape of k < 3 ? CHANNELS : WINDOWS) {
      const wide = Number(isFast);
      const name = k < 3 ? `C=${shape}` : windowName(shape);
      add(kernel, name, (repeats) => explorer.shipped_kernel(k, shape, wide, repeats));
    }
  });
  if (flags.tiles) {
    TILES.forEach((tile, t) => {
      for (const window of WINDOWS) {
        add(tile, windowName(window), (repeats) => explorer.depthwise_tile(window, t, repeats));
      }
    });
  }
  if (flags.json) {
    const { deno, v8 } = Deno.version;
    console.log(JSON.stringify({ build: flags.build, mode, deno, v8, peak, peakWide, speeds }, null, 2));
    return;
  }
  console.log(`${flags.build} build, ${mode} mode, one thread, Deno ${Deno.version.deno}, V8 ${Deno.version.v8}`);
  console.log(`registers alone: ${peak.toFixed(1)} GFLOP/s in 128 bits, ${peakWide.toFixed(1)} eight lanes at a time`);
  const names = [...new Set(speeds.map(({ kernel }) => kernel))];
  for (const kernel of names) {
    const cells = speeds.filter((speed) => speed.kernel === kernel)
      .map(({ shape, gflops, shareOfPeak }) => `${shape} ${gflops.toFixed(1)} (${(100 * shareOfPeak).toFixed(0)} %)`);
    console.log(`${kernel.padEnd(28)} ${cells.join("  ")}`);
  }
}

function windowName(window: number): string {
  const [kernel, stride, dilation] = [Math.floor(window / 100), Math.floor(window / 10) % 10, window % 10];
  return `${kernel}×${kernel}${stride > 1 ? ` stride ${stride}` : ""}${dilation > 1 ? ` dilation ${dilation}` : ""}`;
}

/** GFLOP/s, the best of several short runs after V8 has optimised the code. */
function measure(run: (repeats: number) => number): number {
  let repeats = 1;
  for (let seconds = 0; seconds < 0.05; repeats *= 2) {
    const start = performance.now();
    run(repeats);
    seconds = (performance.now() - start) / 1000;
  }
  let best = 0;
  for (let i = 0; i < 7; i++) {
    const start = performance.now();
    const flops = run(repeats / 2);
    best = Math.max(best, flops * (repeats / 2) / (performance.now() - start) / 1e6);
  }
  return best;
}

/** The build's flags, but for the exports that start threads, which a crate without threads lacks. */
function explorerFlags(build: "strict" | "relaxed"): string[] {
  const flags = rustFlags(build).filter((flag) => flag !== "-C" && !flag.startsWith("link-arg=--export"));
  return flags.flatMap((flag) => ["-C", flag]);
}

async function loadExplorer(build: "strict" | "relaxed"): Promise<Explorer> {
  const { success, stderr } = await new Deno.Command("cargo", {
    args: ["build", "--release", "--target", "wasm32-unknown-unknown", "-Zbuild-std=core"],
    cwd: fileURLToPath(CRATE),
    env: {
      ...await rustEnvironment(),
      RUSTC_BOOTSTRAP: "1",
      CARGO_TARGET_DIR: `${Deno.cwd()}/${TARGET}`,
      CARGO_ENCODED_RUSTFLAGS: explorerFlags(build).join("\x1f"),
    },
    stderr: "piped",
  }).output();
  if (!success) {
    throw new Error(
      `Cannot build the explorer (tools/install_toolchain.sh): ${new TextDecoder().decode(stderr).trim()}`,
    );
  }
  const memory = new WebAssembly.Memory({ initial: 64, maximum: 65_536, shared: true });
  const module = await WebAssembly.compile(await Deno.readFile(MODULE));
  const { exports } = await WebAssembly.instantiate(module, { env: { memory } });
  return exports as unknown as Explorer;
}
