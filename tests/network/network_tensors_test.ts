import { assertEquals, assertThrows } from "@std/assert";
import { Engine } from "../../src/engine/mod.ts";
import { initialiseNetwork } from "../../src/network/mod.ts";
import { buildSupernet } from "../../src/spaces/mod.ts";
import { makeDartsSpace } from "../../src/spaces/darts/space.ts";
import { asState, collectNetwork, restoreNetwork } from "../../src/network/network_tensors.ts";

Deno.test("restoreNetwork() gives another network the weights and momentum that collectNetwork() copied", async () => {
  const engine = await Engine.start({ build: "strict", threads: 1 });
  try {
    const program = buildSupernet(makeDartsSpace({ nodes: 1, cells: 3, channels: 2, height: 8, width: 8 }));
    const [first, second] = [engine.compile(program, { batch: 2 }), engine.compile(program, { batch: 2 })];
    initialiseNetwork(first, 1);
    const name = "stem.0.weight";
    first.write(name, first.read(name).map((value) => 2 * value), "momentum");
    const tensors = collectNetwork(first, 5);
    restoreNetwork(
      second,
      new Map([...tensors, ["alphas_normal", { shape: [1], data: new Float32Array(1) }]]),
      (other) => other.startsWith("alpha"),
    );
    assertEquals(collectNetwork(second, 5), tensors);
    tensors.delete(`momentum.${name}`);
    assertThrows(() => restoreNetwork(second, tensors), RangeError, name);
  } finally {
    engine.close();
  }
});

Deno.test("asState() refuses tensors of other types by name", () => {
  const tensors = new Map([["x", { shape: [1], data: new Uint8Array(1) }]]);
  assertThrows(() => asState(tensors), TypeError, "x holds Uint8Array");
});
