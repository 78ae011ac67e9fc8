/**
 * Pictures and a network for the tests of the embedding library.
 *
 * @module
 */
export { drawWaves } from "./_everywhere.js";

/** A network of the zoo: colour, 32x32 pixels, 20 classes. */
export const NETWORK = new URL("../../data/zoo/gtsrb20/network.safetensors", import.meta.url);
