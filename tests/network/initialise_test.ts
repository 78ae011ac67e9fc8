import { assert, assertEquals, assertNotEquals } from "@std/assert";
import { Engine } from "../../src/engine/mod.ts";
import { collectState, initialiseNetwork } from "../../src/network/mod.ts";
import { buildSupernet } from "../../src/spaces/mod.ts";
import { TINY_SPACE } from "./_tiny_task.ts";

const engine = await Engine.start({ build: "strict", threads: 1 });

Deno.test("initialiseNetwork() gives one seed the same weights and two seeds different ones", () => {
  const network = engine.compile(buildSupernet(TINY_SPACE), { batch: 4 });
  const draw = (seed: number) => {
    initialiseNetwork(network, seed);
    return collectState(network);
  };
  const first = draw(1);
  assertEquals(draw(1), first);
  assertNotEquals(draw(2).get("stem.0.weight"), first.get("stem.0.weight"));
  // PyTorch's default: uniform within 1 / sqrt(fan-in).
  const weights = first.get("stem.0.weight")!.data as Float32Array;
  assert(weights.every((weight) => Math.abs(weight) <= 1 / 3));
  assert(weights.some((weight) => Math.abs(weight) > 0.25));
});
