import { makeDartsSpace } from "../../src/spaces/darts/space.ts";
import type { Card } from "../../src/zoo/mod.ts";

const file = { sha256: "0".repeat(64), sizeBytes: 1 };

/** A card of an entry that was pretrained on some datasets. */
export function card(name: string, { sources = 1, hasNetwork = false } = {}): Card {
  const source = { name: "x", classes: ["a", "b"], origin: "", licence: "", fingerprint: "", mean: [0], std: [1] };
  return {
    format: 1,
    name,
    space: makeDartsSpace({ channels: 4, cells: 3 }),
    method: "darts",
    sources: Array.from({ length: sources }, () => source),
    recipe: {},
    metrics: {},
    files: { "supernet.safetensors": file, ...(hasNetwork && { "network.safetensors": file }) },
  };
}
