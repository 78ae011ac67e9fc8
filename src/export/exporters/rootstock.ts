import { PRECISIONS } from "../../formats/mod.ts";
import { isBatchCounter, isOfAuxiliaryHead } from "../../network/mod.ts";
import { encodeModel } from "../../zoo/mod.ts";
import type { Exporter } from "./exporter.ts";

/** The network as one file that this program and its library read, to predict or to learn on. */
export const rootstockExporter: Exporter = {
  name: "rootstock",
  describe: "one file for predict, eval and the library, in any precision",
  extension: "rootstock",
  precisions: PRECISIONS,
  write: (model, { precision }) => {
    // What only helps in a run that goes on is left out.
    const state = [...model.state].filter(([name]) => !isOfAuxiliaryHead(name) && !isBatchCounter(name));
    return encodeModel({ ...model, state: new Map(state) }, precision);
  },
};
