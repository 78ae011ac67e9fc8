import { assert, assertAlmostEquals, assertEquals } from "@std/assert";
import { Engine } from "../../../src/engine/mod.ts";
import { initialiseNetwork } from "../../../src/network/mod.ts";
import { buildSupernet, costOfSupernet } from "../../../src/spaces/mod.ts";
import { countMixing, makeDartsSpace } from "../../../src/spaces/darts/space.ts";
import { TINY_SPACE, tinyBatch, tinyTask } from "../../network/_tiny_task.ts";

const engine = await Engine.start({ build: "strict", threads: 1 });

Deno.test("buildSupernet() compiles for awkward sizes and holds the tensors that costOfSupernet() lists", () => {
  const spaces = [
    makeDartsSpace({ channels: 4, cells: 8, inputChannels: 1, height: 13, width: 13 }),
    makeDartsSpace({ nodes: 1, cells: 1, channels: 1, classes: 2, height: 4, width: 7 }),
    makeDartsSpace({ nodes: 3, cells: 2, channels: 5, height: 5, width: 5 }),
    makeDartsSpace({ nodes: 5, cells: 4, channels: 3, height: 8, width: 8 }),
  ];
  for (const space of spaces) {
    const network = engine.compile(buildSupernet(space), { batch: 2 });
    assertEquals(network.parameters.map(({ name }) => name), costOfSupernet(space).tensors.map(({ name }) => name));
    assertEquals(network.mixingCount, countMixing(space));
    network.free();
  }
});

Deno.test("buildSupernet() lists running statistics of every name, shared poolings among them", () => {
  const network = engine.compile(buildSupernet(TINY_SPACE), { batch: 2 });
  const names = network.buffers.map(({ name }) => name);
  assertEquals(new Set(names).size, names.length);
  // A cell: 2 preprocessings and, on each of 5 edges, 2 poolings, 2 separable convolutions of two, 2 dilated ones;
  // 4 factorised skips in a reduction, of which there are two; and the stem.
  assertEquals(names.length, 2 * (1 + 3 * (2 + 5 * 8) + 2 * 4));
  for (const edge of [0, 2]) assert(names.includes(`cells.0._ops.${edge}._ops.1.1.running_mean`));
  network.free();
});

Deno.test("buildSupernet() gives a mixing gradient that agrees with central differences", () => {
  const task = tinyTask(engine);
  const batch = tinyBatch(task, 0, 24);
  const network = engine.compile(buildSupernet(TINY_SPACE), { batch: 24 });
  initialiseNetwork(network, 3);
  const mixing = Float32Array.from({ length: network.mixingCount }, (_, i) => 0.125 + 0.05 * Math.sin(i));
  network.setMixing(mixing);
  network.backward(batch, { weightGradients: false, statisticsMomentum: 0 });
  const gradient = network.mixingGradient();
  for (let i = 0; i < gradient.length; i += 8) assertEquals(gradient[i], 0, "none has no term");
  const norm = Math.hypot(...gradient);
  assert(norm > 1e-3);
  const [above, below] = [1, -1].map((sign) => {
    network.setMixing(mixing.map((weight, i) => weight + sign * STEP * gradient[i]! / norm));
    return network.forward(batch, { training: true, statisticsMomentum: 0 }).loss;
  });
  // The difference of two losses near 1 in single precision over 2 · STEP, and curvature: within 2 percent.
  assertAlmostEquals((above! - below!) / (2 * STEP), norm, 0.02 * norm);
  network.free();
});

const STEP = 0.01;
