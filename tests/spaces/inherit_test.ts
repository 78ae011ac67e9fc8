import { assert, assertEquals, assertThrows } from "@std/assert";
import { Engine } from "../../src/engine/mod.ts";
import { collectState, initialiseNetwork, loadState, type State, type StateTensor } from "../../src/network/mod.ts";
import {
  buildDerivedNetwork,
  buildSupernet,
  costOfDerivedNetwork,
  costOfSupernet,
  inheritState,
  supernetNames,
} from "../../src/spaces/mod.ts";
import { randomGenotype } from "../../src/spaces/darts/genotype.ts";
import { makeDartsSpace } from "../../src/spaces/darts/space.ts";
import { supernetName } from "../../src/spaces/darts/supernet_name.ts";

const SPACE = makeDartsSpace({ channels: 4, cells: 3, classes: 5, height: 16, width: 16 });

Deno.test("inheritState() says which tensor of the supernet is missing or of another shape", () => {
  const genotype = randomGenotype(3);
  const network = { parameters: costOfDerivedNetwork({ space: SPACE, genotype }).tensors, buffers: [] };
  const wide = makeDartsSpace({ ...SPACE, channels: 8 });
  const state: State = new Map(
    costOfSupernet(wide).tensors.map(({ name, shape }): [string, StateTensor] => [
      name,
      { shape, data: new Float32Array(shape.reduce((total, n) => total * n, 1)) },
    ]),
  );
  assertThrows(
    () => inheritState(network, state, { genotype, space: SPACE }),
    RangeError,
    "Cannot inherit stem.0.weight: stem.0.weight has shape [24, 3, 3, 3], expected [12, 3, 3, 3]",
  );
  assertThrows(
    () => inheritState(network, new Map(), { genotype, space: SPACE }),
    RangeError,
    "Cannot inherit stem.0.weight: the supernet has no stem.0.weight, expected one",
  );
});

Deno.test("inheritState() cuts weights and running statistics out of a supernet, and leaves weights of normalisations at one", async () => {
  const engine = await Engine.start({ build: "strict", threads: 1 });
  const genotype = randomGenotype(7);
  const supernet = engine.compile(buildSupernet(SPACE), { batch: 2 });
  initialiseNetwork(supernet, 1);
  const buffer = "cells.0.preprocess0.op.2.running_mean";
  supernet.write(buffer, Float32Array.of(1, 2, 3, 4));
  const derived = engine.compile(buildDerivedNetwork({ space: SPACE, genotype, auxiliaryWeight: 0.4 }), { batch: 2 });
  initialiseNetwork(derived, 2);
  const state = collectState(supernet, { batchesTracked: 9 });
  const report = loadState(derived, inheritState(derived, state, { genotype, space: SPACE }), { isPartial: true });
  assertEquals(report.batchesTracked, 9);
  assertEquals(derived.read(buffer), Float32Array.of(1, 2, 3, 4));
  for (const name of report.loaded) {
    assertEquals(derived.read(name), supernet.read(supernetName(name, genotype, SPACE)!), name);
  }
  for (const name of report.missing) {
    assert(name.startsWith("auxiliary_head.") || /\.(weight|bias)$/.test(name), name);
    if (name.startsWith("auxiliary_head.")) continue;
    const wanted = name.endsWith(".weight") ? 1 : 0;
    assert(derived.read(name).every((value) => value === wanted), name);
  }
  engine.close();
});

Deno.test("supernetNames() lets a network inherit the operations that it shares with a trained one, and no others", async () => {
  const engine = await Engine.start({ build: "strict", threads: 1 });
  const [genotype, other] = [randomGenotype(3), randomGenotype(4)];
  const compile = (genotype: ReturnType<typeof randomGenotype>) => {
    const network = engine.compile(buildDerivedNetwork({ space: SPACE, genotype, auxiliaryWeight: 0.4 }), { batch: 2 });
    initialiseNetwork(network, 1);
    return network;
  };
  const supernet = engine.compile(buildSupernet(SPACE), { batch: 2 });
  initialiseNetwork(supernet, 2);
  const below = collectState(supernet);
  const trained = compile(genotype);
  const filled = new Map(
    [...collectState(trained)].map(([name, { shape, data }]): [string, StateTensor] => [
      name,
      { shape, data: data instanceof Float32Array ? data.map((_, i) => name.length + i / 1000) : data },
    ]),
  );
  const layer = new Map([...below, ...supernetNames(filled, { genotype, space: SPACE })]);
  // The same architecture gets everything back but the auxiliary head.
  const same = inheritState(trained, layer, { genotype, space: SPACE });
  for (const [name, tensor] of filled) {
    if (!name.startsWith("auxiliary_head.")) assertEquals(same.get(name), tensor, name);
  }
  // Another one gets what both have, by state and node, whatever its place in the list, and the supernet's elsewhere.
  let [shared, own] = [0, 0];
  for (const [name, tensor] of inheritState(compile(other), layer, { genotype: other, space: SPACE })) {
    const place = supernetName(name, other, SPACE)!;
    const from = [...filled].find(([old]) => supernetName(old, genotype, SPACE) === place);
    assertEquals(tensor, from ? from[1] : below.get(place), name);
    if (/_ops.*weight$/.test(name)) from ? shared++ : own++;
  }
  assert(shared > 0 && own > 0, `${shared} shared, ${own} others`);
  engine.close();
});
