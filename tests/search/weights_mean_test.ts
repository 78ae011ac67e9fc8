import { assert, assertEquals, assertThrows } from "@std/assert";
import { Engine, ProgramBuilder } from "../../src/engine/mod.ts";
import {
  decodeWeightsMean,
  encodeWeightsMean,
  isOfWeightsMean,
  keepMean,
  recalibrationBatches,
  WeightsMean,
  withMean,
} from "../../src/search/mod.ts";

const engine = await Engine.start({ build: "strict", threads: 1 });

/** A network of three parameters: stem [1, 1, 1, 1], w [2, 1] and b [2]. */
function open() {
  const builder = new ProgramBuilder({ height: 2, width: 2, channels: 1 });
  const stem = { out: 1, kernel: 1, stride: 1, padding: 0, relu: false, weight: "stem" };
  builder.classifier(builder.globalAveragePool([builder.convolution(builder.image, stem)]), {
    weight: "w",
    bias: "b",
    classes: 2,
  });
  const network = engine.compile(builder.build(0), { batch: 2 });
  const set = (value: number) => {
    network.write("w", Float32Array.of(value, -value));
    network.write("b", Float32Array.of(value + 1, 0));
  };
  set(1);
  return { network, set };
}

const f = Math.fround;

Deno.test("WeightsMean is the exponential mean of the weights, which follows fast at the beginning", () => {
  const { network, set } = open();
  const mean = new WeightsMean(network, 0.5);
  let expected = 1;
  for (const [step, value] of [4, -2, 8, 3, 5, 1, 9, 2, 6, 7].entries()) {
    set(value);
    mean.follow(step + 1);
    const decay = Math.min(0.5, (2 + step) / (11 + step));
    expected = f(f(f(1 - decay) * value) + f(f(decay) * expected));
    const [found] = mean.state().get("w")!.data as Float32Array;
    assert(Math.abs(found! - expected) <= 2 ** -21, `step ${step}: ${found}, expected ${expected}`);
  }
  assertEquals(network.read("w"), Float32Array.of(7, -7), "the weights are left alone");
  network.free();
});

Deno.test("WeightsMean takes the place of the weights for a while, or for good", () => {
  const { network, set } = open();
  const mean = new WeightsMean(network, 0.9);
  set(0.1);
  assertEquals(mean.use(() => network.read("w")), Float32Array.of(1, -1));
  assertEquals(network.read("w"), Float32Array.of(0.1, -0.1));
  assertThrows(() => mean.use(() => assert(false, "broken off")), Error, "broken off");
  assertEquals(network.read("b"), Float32Array.of(1.1, 0));
  mean.adopt();
  assertEquals(network.read("b"), Float32Array.of(2, 0));
  network.free();
});

Deno.test("WeightsMean goes back to what a checkpoint kept, and refuses one that does not fit", () => {
  const [first, second] = [open(), open()];
  const mean = new WeightsMean(first.network, 0.9);
  first.set(3);
  mean.follow(1);
  const tensors = new Map([["alphas", { shape: [1], data: Float32Array.of(1) }], ...encodeWeightsMean(mean.state())]);
  assertEquals([...tensors.keys()].map(isOfWeightsMean), [false, true, true, true]);
  const other = new WeightsMean(second.network, 0.9);
  other.restore(decodeWeightsMean(tensors));
  assertEquals(other.state(), mean.state());
  assertEquals(second.network.read("w"), Float32Array.of(1, -1), "the weights are not touched");
  assertEquals(decodeWeightsMean(new Map()), undefined);
  tensors.set("weights_mean.b", { shape: [1], data: Float32Array.of(1) });
  assertThrows(
    () => other.restore(decodeWeightsMean(tensors)),
    RangeError,
    "Cannot resume: the mean of b holds 1 numbers, expected 2",
  );
  assertThrows(() => other.restore(undefined), RangeError, "the mean of stem holds no numbers, expected 1");
  for (const { network } of [first, second]) network.free();
});

Deno.test("recalibrationBatches() measures statistics wherever a mean is evaluated", () => {
  assertEquals([recalibrationBatches(0), recalibrationBatches(0, 0), recalibrationBatches(7, 0.9)], [0, 0, 7]);
  assert(recalibrationBatches(0, 0.9) > 0);
});

Deno.test("keepMean() keeps none where none is asked for, and withMean() works on the weights themselves then", () => {
  assertEquals([keepMean(undefined as never), keepMean(undefined as never, 0)], [undefined, undefined]);
  assertEquals(withMean(undefined, () => "weights"), "weights");
});
