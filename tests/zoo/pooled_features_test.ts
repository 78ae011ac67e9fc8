import { Engine } from "../../src/engine/mod.ts";
import { collectState, initialiseNetwork } from "../../src/network/mod.ts";
import { Supernet } from "../../src/search/mod.ts";
import { buildSupernet } from "../../src/spaces/mod.ts";
import { poolFeatures } from "../../src/zoo/pooled_features.ts";
import { TINY_SPACE } from "../network/_tiny_task.ts";
import { stripes } from "../transfer/_signatures.ts";
import { assert, assertEquals } from "@std/assert";

Deno.test("poolFeatures() gives one row of features a picture, whatever the batch it is in", async () => {
  const engine = await Engine.start({ build: "strict", threads: 1 });
  const network = engine.compile(buildSupernet(TINY_SPACE), { batch: 2 });
  initialiseNetwork(network, 1);
  const source = {
    name: "x",
    classes: [],
    origin: "",
    licence: "",
    fingerprint: "",
    mean: [0.2, 0.3, 0.4],
    std: [1, 1, 1],
  };
  const card = {
    format: 1,
    name: "x",
    space: TINY_SPACE,
    method: "darts",
    recipe: {},
    metrics: {},
    files: {},
  } as const;
  const parts = { space: TINY_SPACE, state: collectState(network), alpha: new Float32Array(80) };
  const entry = { card: { ...card, sources: [source] }, supernet: Supernet.of("darts", parts) };
  const signature = stripes("stripes", { images: 60 });
  const found = poolFeatures(engine, entry, signature);
  const size = found.length / 60;
  assert(Number.isInteger(size) && found.every(Number.isFinite));
  const last = { ...signature, pixels: signature.pixels.slice(-784), labels: signature.labels.slice(-1) };
  assertEquals(poolFeatures(engine, entry, last), found.slice(-size));
  engine.close();
});
