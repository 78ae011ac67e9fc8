import { writeDerivedModel } from "../model.ts";
import { javascript, onnxruntime, python, pytorchInference, rootstock } from "./processes.ts";
import { type Context, type Part, timesAsFast } from "./rows.ts";
import { COLOUR, MODES, PAPER } from "./training.ts";
import type { LaunchMode } from "../../src/engine/mod.ts";
import type { Sizes } from "../workload.ts";

/** Derived networks, and how many times as fast as native onnxruntime they are to be; ahead of the others. */
const NETWORKS: readonly { name: string; sizes: Sizes; aims: Record<LaunchMode, number> }[] = [
  { name: "inference", sizes: PAPER, aims: { default: 0.6, fast: 1.1 } },
  { name: "colour-inference", sizes: COLOUR, aims: { default: 1, fast: 1.7 } },
];

/** Inferences in a run: one of a single image is too short to be timed alone. */
const REPEATS: Record<number, number> = { 1: 50, 64: 2 };

/** Inference of derived networks at batch 1 and 64 beside PyTorch, native onnxruntime and onnxruntime-web, same weights and images. */
export const INFERENCE_PARTS: readonly Part[] = NETWORKS.flatMap((network) =>
  [1, 64].flatMap((batch) => [2, 1].map((threads) => part(network, { batch, threads })))
);

function part(
  { name, sizes, aims }: typeof NETWORKS[number],
  { batch, threads }: { batch: number; threads: number },
): Part {
  const { channels, cells } = sizes;
  const conditions = `C=${channels}, ${cells} cells, batch ${batch}, ${threads} thread${threads > 1 ? "s" : ""}`;
  return {
    name: `${name}-${batch}-${threads}`,
    async measure(context: Context) {
      const { model, onnx } = await files(context, sizes);
      const repeats = REPEATS[batch]!;
      const work = { ...sizes, batch, kind: "inference", model } as const;
      const own = await Promise.all(MODES.map((mode) => rootstock(mode, work, { threads, mode, repeats })));
      const pytorch = pytorchInference(model, { batch, threads, repeats });
      const native = onnxruntime(model, onnx, { batch, threads, repeats });
      const args = [model, onnx, ...[batch, threads, repeats].map(String)];
      const web = javascript("onnxruntime-web", "onnxruntime_web.ts", args);
      const outcomes = await context.alternate([...own, ...pytorch, native, web], context.runs);
      const peers = { PyTorch: pytorch, "native onnxruntime": [native], "onnxruntime-web": [web] };
      const rows = MODES.flatMap((mode) =>
        Object.entries(peers).map(([library, peers]) =>
          timesAsFast(outcomes, {
            work: `inference, ${conditions}, ${mode}, beside ${library}`,
            ours: mode,
            peers: peers.map((peer) => peer.name),
            factor: library === "native onnxruntime" ? aims[mode] : 1,
          })
        )
      );
      return { rows, outcomes };
    },
  };
}

/** The model, and its ONNX file by way of PyTorch if that is there; made anew for each part, which takes seconds. */
async function files({ folder, note }: Context, sizes: Sizes): Promise<{ model: string; onnx: string }> {
  const [model, onnx] = [`${folder}/derived.safetensors`, `${folder}/derived.onnx`];
  await writeDerivedModel(model, { ...sizes, count: sizes.batch });
  const { program, args } = python("pytorch_inference.py", { export: onnx }, [model]);
  try {
    const { success, stderr } = await new Deno.Command(program, { args }).output();
    if (!success) note(`no ONNX file: ${new TextDecoder().decode(stderr).trim().split("\n").at(-1)}`);
  } catch (error) {
    if (!(error instanceof Deno.errors.NotFound || error instanceof Deno.errors.NotCapable)) throw error;
    note("no ONNX file: there is no python3");
  }
  return { model, onnx };
}
