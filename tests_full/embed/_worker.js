// Asks everything in workerd.
import code from "./rootstock.wasm";
import network from "./network.bin";
import { load } from "./rootstock.js";
import { askEverything } from "./questions.js";

export default {
  fetch: async () => Response.json(await askEverything(load, network, { module: code })),
};
