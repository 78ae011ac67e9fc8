import { writeDerivedModel } from "../model.ts";
import type { Participant } from "./participant.ts";
import { javascript, onnxruntime, python, pytorchInference, rootstock } from "./processes.ts";
import { type Context, type Part, timesAsFast } from "./rows.ts";
import { PAPER } from "./training.ts";

/** Inferences in a run: one of a single image is too short to be timed alone. */
const REPEATS: Record<number, number> = { 1: 50, 64: 2 };

/** Inference of the derived network at batch 1 and 64 beside PyTorch, native onnxruntime and onnxruntime-web, same weights and images. */
export const INFERENCE_PARTS: readonly Part[] = [1, 64].flatMap((batch) =>
  [2, 1].map((threads) => ({
    name: `inference-${batch}-${threads}`,
    async measure(context: Context) {
      const { model, onnx } = await files(context);
      const repeats = REPEATS[batch]!;
      const work = { ...PAPER, batch, kind: "inference", model } as const;
      const own = await Promise.all(
        (["default", "fast"] as const).map((mode) => rootstock(mode, work, { threads, mode, repeats })),
      );
      const pytorch = pytorchInference(model, { batch, threads, repeats });
      const native = onnxruntime(model, onnx, { batch, threads, repeats });
      const web = javascript("onnxruntime-web", "onnxruntime_web.ts", [
        model,
        onnx,
        `${batch}`,
        `${threads}`,
        `${repeats}`,
      ]);
      const outcomes = await context.alternate([...own, ...pytorch, native, web], context.runs);
      const rows = own.flatMap(({ name }) =>
        Object.entries({ PyTorch: pytorch, "native onnxruntime": [native], "onnxruntime-web": [web] }).map((
          [library, peers]: [string, Participant[]],
        ) =>
          timesAsFast(outcomes, {
            work: `inference, batch ${batch}, ${threads} thread${threads > 1 ? "s" : ""}, ${name}, beside ${library}`,
            ours: name,
            peers: peers.map((peer) => peer.name),
            factor: 1,
          })
        )
      );
      return { rows, outcomes };
    },
  }))
);

/** The model, and its ONNX file by way of PyTorch if that is there; made anew for each part, which takes seconds. */
async function files({ folder, note }: Context): Promise<{ model: string; onnx: string }> {
  const [model, onnx] = [`${folder}/derived.safetensors`, `${folder}/derived.onnx`];
  await writeDerivedModel(model, { ...PAPER, count: PAPER.batch });
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
