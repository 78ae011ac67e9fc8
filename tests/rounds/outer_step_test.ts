import { assertAlmostEquals, assertEquals } from "@std/assert";
import { Engine, SLOT } from "../../src/engine/mod.ts";
import { buildSupernet } from "../../src/spaces/mod.ts";
import { DILOCO, stepOuter, stepOuterAlpha } from "../../src/rounds/mod.ts";
import { TINY_SPACE } from "../network/_tiny_task.ts";

const engine = await Engine.start({ build: "strict", threads: 1 });
const network = engine.compile(buildSupernet(TINY_SPACE), { batch: 2 });
const [{ name, shape }] = network.parameters as [typeof network.parameters[number]];
const size = shape.reduce((product, length) => product * length, 1);
const filled = (value: number) => new Float32Array(size).fill(value);

/** PyTorch's `SGD(nesterov=True)` on the difference, by its own formula. */
function reference(old: number, means: readonly number[], { learningRate, momentum }: typeof DILOCO): number[] {
  let [value, velocity] = [old, 0];
  return means.map((mean) => {
    const difference = value - mean;
    velocity = momentum * velocity + difference;
    value -= learningRate * (difference + momentum * velocity);
    return value;
  });
}

const MEANS = [1, -0.5, 0.25];

Deno.test("stepOuter() is SGD with Nesterov momentum on the difference, round after round", () => {
  for (const settings of [DILOCO, { learningRate: 0.5, momentum: 0 }, { learningRate: 1, momentum: 0.5 }]) {
    const [mean, velocity] = [network.vectors.allocate(), network.vectors.allocate()];
    network.write(name, filled(2));
    const expected = reference(2, MEANS, settings);
    MEANS.forEach((value, round) => {
      network.write(name, filled(value), mean);
      stepOuter(network, { mean, velocity }, settings);
      for (const found of network.read(name)) assertAlmostEquals(found, expected[round]!, 1e-5);
    });
    for (const slot of [mean, velocity]) network.vectors.free(slot);
  }
});

Deno.test("stepOuter() with learning rate 1 and no momentum leaves the mean, bit for bit", () => {
  const [mean, velocity] = [network.vectors.allocate(), network.vectors.allocate()];
  const weights = Float32Array.from({ length: size }, (_, i) => 0.1 + i / 3);
  network.write(name, filled(1e9));
  network.write(name, weights, mean);
  stepOuter(network, { mean, velocity }, { learningRate: 1, momentum: 0 });
  assertEquals(network.read(name, SLOT.values), weights);
  for (const slot of [mean, velocity]) network.vectors.free(slot);
});

Deno.test("stepOuterAlpha() takes the same steps", () => {
  let [alpha, velocity]: Float32Array[] = [Float32Array.of(2), new Float32Array(1)];
  const expected = reference(2, MEANS, DILOCO);
  MEANS.forEach((mean, round) => {
    ({ alpha, velocity } = stepOuterAlpha(alpha!, { mean: Float32Array.of(mean), velocity: velocity! }, DILOCO));
    assertAlmostEquals(alpha![0]!, expected[round]!, 1e-5);
  });
  const same = stepOuterAlpha(alpha!, { mean: Float32Array.of(0.1), velocity: velocity! }, {
    learningRate: 1,
    momentum: 0,
  });
  assertEquals(same.alpha, Float32Array.of(0.1));
});
