import { assert, assertAlmostEquals, assertEquals } from "@std/assert";
import { Engine } from "../../src/engine/mod.ts";
import { collectMomentum, collectState, initialiseNetwork } from "../../src/network/mod.ts";
import { buildSupernet } from "../../src/spaces/mod.ts";
import { createDarts, unrolledAlphaGradient } from "../../src/search/mod.ts";
import { TINY_SPACE, tinyBatch, tinyTask } from "../network/_tiny_task.ts";

const engine = await Engine.start({ build: "strict", threads: 1 });
const task = tinyTask(engine, { count: 192 });
const method = createDarts(TINY_SPACE);
const [train, validation] = [tinyBatch(task, 0, 96), tinyBatch(task, 96, 192)];
/** A step so large that the second term of the gradient counts. */
const RATES = { learningRate: 0.05, momentum: 0.9, weightDecay: 3e-2 };
/** Step of the differences in alpha. */
const STEP = 0.02;
const CONTEXT = { purpose: "alpha", seed: 0, epoch: 0, step: 0 } as const;
const ALPHA = Float32Array.from({ length: 80 }, (_, i) => 0.3 * Math.sin(7 * i));

function supernetWithMomentum() {
  const network = engine.compile(buildSupernet(TINY_SPACE), { batch: 96 });
  initialiseNetwork(network, 5);
  network.setMixing(method.mix(ALPHA, CONTEXT).weights);
  for (let i = 0; i < 3; i++) {
    network.backward(train, { weightGradients: true });
    network.sgdStep({ learningRate: 0.02, momentum: 0.9, weightDecay: 3e-4, clip: 5 });
  }
  return network;
}

function gradientOf(network: ReturnType<typeof supernetWithMomentum>, rates = RATES) {
  const draw = method.mix(ALPHA, CONTEXT);
  network.setMixing(draw.weights);
  return unrolledAlphaGradient(network, { train, validation, ...rates, toAlpha: (mixing) => draw.gradient(mixing) });
}

Deno.test("unrolledAlphaGradient() agrees with central differences through the virtual step", () => {
  const network = supernetWithMomentum();
  const { vectors } = network;
  const { gradient } = gradientOf(network);
  const start = vectors.allocate();
  vectors.copy(0, start);
  /** Does something at the weights one step ahead, which are written down here once more, without the tested code. */
  const oneStepAhead = <T>(alpha: Float32Array, measure: () => T): T => {
    network.setMixing(method.mix(alpha, CONTEXT).weights);
    network.backward(train, { weightGradients: true, statisticsMomentum: 0 });
    vectors.axpy(-RATES.learningRate * RATES.momentum, 2, 0);
    vectors.axpy(-RATES.learningRate, 1, 0);
    vectors.axpy(-RATES.learningRate * RATES.weightDecay, start, 0);
    const measured = measure();
    vectors.copy(start, 0);
    return measured;
  };
  const lossAt = (alpha: Float32Array) =>
    oneStepAhead(alpha, () => network.forward(validation, { training: true, statisticsMomentum: 0 }).loss);
  // Of the two terms of the gradient the second is the delicate one, so differences are taken along it.
  const first = oneStepAhead(ALPHA, () => {
    network.backward(validation, { weightGradients: false, statisticsMomentum: 0 });
    return method.mix(ALPHA, CONTEXT).gradient(network.mixingGradient());
  });
  const second = gradient.map((value, i) => value - first[i]!);
  const length = Math.hypot(...second);
  const direction = second.map((value) => value / length);
  const along = (vector: Float32Array) => vector.reduce((sum, value, i) => sum + value * direction[i]!, 0);
  const [above, below] = [1, -1].map((sign) => lossAt(ALPHA.map((value, i) => value + sign * STEP * direction[i]!)));
  const wanted = (above! - below!) / (2 * STEP);
  // Both sides difference a loss that has kinks (ReLU, maxima), which costs a fifth of the second term here; without
  // that term the gradient is off by all of it.
  assertAlmostEquals(along(gradient), wanted, 0.3 * length);
  assert(Math.abs(along(first) - wanted) > 0.7 * length, `first term ${along(first)}, wanted ${wanted}`);
  network.free();
});

Deno.test("unrolledAlphaGradient() leaves weights and momentum as they were, and moves statistics three times", () => {
  const network = supernetWithMomentum();
  const [before, momentum] = [collectState(network), collectMomentum(network)];
  const { batchesTracked } = gradientOf(network);
  assertEquals(batchesTracked, 3);
  for (const { name } of network.parameters) assertEquals(network.read(name), before.get(name)!.data, name);
  assertEquals(collectMomentum(network), momentum);
  assert(network.read("stem.1.running_mean").some((value, i) => value !== before.get("stem.1.running_mean")!.data[i]));
  network.free();
});

Deno.test("unrolledAlphaGradient() is the first-order gradient for a step of size zero", () => {
  const network = supernetWithMomentum();
  const { gradient, loss } = gradientOf(network, { ...RATES, learningRate: 0 });
  const draw = method.mix(ALPHA, CONTEXT);
  const result = network.backward(validation, { weightGradients: false, statisticsMomentum: 0 });
  assertEquals(result.loss, loss);
  assertEquals(gradient, draw.gradient(network.mixingGradient()));
  network.free();
});
