import { writeSupernetModel } from "../model.ts";
import { javascript, rootstock } from "./processes.ts";
import { type Part, timesAsFast } from "./rows.ts";
import { SMALL } from "./training.ts";

/** Images of a batch: these peers take minutes for 64. Ours does the same batch, in which it is at its worst. */
const BATCH = 2;
/** TensorFlow.js takes about half a minute a step, so that more would only cost time. */
const MOST_RUNS = 3;

/** A training step beside the JavaScript peers: same weights, same images; losses of two steps are compared first. */
export const JAVASCRIPT_PARTS: readonly Part[] = [
  ["tensorflowjs", "TensorFlow.js cpu", "tensorflow.ts"],
  ["jaxjs", "jax-js wasm", "jax_js.ts"],
].map(([part = "", name = "", script = ""]) => ({
  name: part,
  async measure({ alternate, runs, folder }) {
    const sizes = { ...SMALL, batch: BATCH };
    const model = `${folder}/supernet.safetensors`;
    await writeSupernetModel(model, { ...sizes, count: BATCH });
    const own = await rootstock("rootstock", { ...sizes, kind: "step" }, { threads: 1 });
    const outcomes = await alternate([own, javascript(name, script, [model])], Math.min(runs, MOST_RUNS));
    const work = `step, supernet C=8, 5 cells, 28×28×1, batch ${BATCH}, 1 thread, beside ${name}`;
    return { rows: [timesAsFast(outcomes, { work, ours: "rootstock", peers: [name], factor: 1 })], outcomes };
  },
}));
