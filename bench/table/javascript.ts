import { writeSupernetModel } from "../model.ts";
import { javascript, rootstock } from "./processes.ts";
import { type Part, timesAsFast } from "./rows.ts";
import { SMALL } from "./training.ts";

/** Images of a batch: these peers take minutes for 64. Ours does the same batch, in which it is at its worst. */
const BATCH = 2;
/** TensorFlow.js takes about half a minute a step, so that more would only cost time. */
const MOST_RUNS = 3;

/** Libraries with their scripts, and the cells that they can do: jax-js runs out of memory when it compiles five. */
const LIBRARIES = [
  { part: "tensorflowjs", name: "TensorFlow.js cpu", script: "tensorflow.ts", cells: SMALL.cells },
  { part: "jaxjs", name: "jax-js wasm", script: "jax_js.ts", cells: 1 },
];

/** A training step beside the JavaScript peers: same weights, same images; losses of two steps are compared first. */
export const JAVASCRIPT_PARTS: readonly Part[] = LIBRARIES.map(({ part, name, script, cells }) => ({
  name: part,
  async measure({ alternate, runs, folder }) {
    const sizes = { ...SMALL, cells, batch: BATCH };
    const model = `${folder}/supernet-${cells}.safetensors`;
    await writeSupernetModel(model, { ...sizes, count: BATCH });
    const own = await rootstock("rootstock", { ...sizes, kind: "step" }, { threads: 1 });
    const outcomes = await alternate([own, javascript(name, script, [model])], Math.min(runs, MOST_RUNS));
    const network = `supernet C=${SMALL.channels}, ${cells} cell${cells > 1 ? "s" : ""}, 28×28×1`;
    const work = `step, ${network}, batch ${BATCH}, 1 thread, beside ${name}`;
    return { rows: [timesAsFast(outcomes, { work, ours: "rootstock", peers: [name], factor: 1 })], outcomes };
  },
}));
