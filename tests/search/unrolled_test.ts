import { assert, assertAlmostEquals, assertEquals } from "@std/assert";
import { Engine } from "../../src/engine/mod.ts";
import { buildSupernet, collectMomentum, collectState, initialiseNetwork } from "../../src/network/mod.ts";
import { createDarts, unrolledAlphaGradient } from "../../src/search/mod.ts";
import { TINY_SPACE, tinyBatch, tinyTask } from "../network/_tiny_task.ts";

const engine = await Engine.start({ build: "strict", threads: 1 });
const task = tinyTask(engine);
const method = createDarts(TINY_SPACE);
const [train, validation] = [tinyBatch(task, 0, 24), tinyBatch(task, 24, 48)];
/** A step so large that the second term of the gradient counts. */
const RATES = { learningRate: 0.2, momentum: 0.9, weightDecay: 3e-2 };
const CONTEXT = { purpose: "alpha", seed: 0, epoch: 0, step: 0 } as const;
const ALPHA = Float32Array.from({ length: 80 }, (_, i) => 0.3 * Math.sin(7 * i));

function supernetWithMomentum() {
  const network = engine.compile(buildSupernet(TINY_SPACE), { batch: 24 });
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
  /** Validation loss at the weights one step ahead, as a function of alpha: by definition, with no formula of ours. */
  const lossAt = (alpha: Float32Array) => {
    network.setMixing(method.mix(alpha, CONTEXT).weights);
    network.backward(train, { weightGradients: true, updateStatistics: false });
    vectors.axpy(-RATES.learningRate * RATES.momentum, 2, 0);
    vectors.axpy(-RATES.learningRate, 1, 0);
    vectors.axpy(-RATES.learningRate * RATES.weightDecay, start, 0);
    const { loss } = network.forward(validation, { training: true, updateStatistics: false });
    vectors.copy(start, 0);
    return loss;
  };
  const norm = Math.hypot(...gradient);
  const step = 0.05;
  const [above, below] = [1, -1].map((sign) =>
    lossAt(ALPHA.map((value, i) => value + sign * step * gradient[i]! / norm))
  );
  const wanted = (above! - below!) / (2 * step);
  // Both sides are finite differences of a loss with kinks: within 5 percent.
  assertAlmostEquals(norm, wanted, 0.05 * Math.abs(wanted));
  network.free();
});

Deno.test("unrolledAlphaGradient() has a second term that counts", () => {
  const network = supernetWithMomentum();
  const { gradient } = gradientOf(network);
  const { vectors } = network;
  // The first term alone: validation gradient at the virtual weights.
  network.backward(train, { weightGradients: true, updateStatistics: false });
  const start = vectors.allocate();
  vectors.copy(0, start);
  vectors.axpy(-RATES.learningRate * RATES.momentum, 2, 0);
  vectors.axpy(-RATES.learningRate, 1, 0);
  vectors.axpy(-RATES.learningRate * RATES.weightDecay, start, 0);
  network.backward(validation, { weightGradients: false, updateStatistics: false });
  const first = method.mix(ALPHA, CONTEXT).gradient(network.mixingGradient());
  const difference = Math.hypot(...gradient.map((value, i) => value - first[i]!));
  assert(difference > 0.1 * Math.hypot(...first), `difference ${difference} of ${Math.hypot(...first)}`);
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
  const result = network.backward(validation, { weightGradients: false, updateStatistics: false });
  assertEquals(result.loss, loss);
  assertEquals(gradient, draw.gradient(network.mixingGradient()));
  network.free();
});
