/**
 * In bundles in the place of the engine's own host, which is Deno's (tools/embed.json): the library brings its own to every engine.
 *
 * @module
 */
import type { Host } from "../engine/mod.ts";

/** A host that has nothing. */
export const HOST: Host = {
  mode: "default",
  cores: 1,
  load: () => Promise.reject(new Error("a bundle has one build of the kernels, expected it to be asked for")),
};
