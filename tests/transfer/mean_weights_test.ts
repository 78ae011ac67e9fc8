import { assertEquals, assertThrows } from "@std/assert";
import { Engine } from "../../src/engine/mod.ts";
import { collectState, initialiseNetwork } from "../../src/network/mod.ts";
import { buildSupernet } from "../../src/spaces/mod.ts";
import { meanWeights } from "../../src/transfer/mod.ts";
import { TINY_SPACE } from "../network/_tiny_task.ts";

const engine = await Engine.start({ build: "strict", threads: 1 });
const network = engine.compile(buildSupernet(TINY_SPACE), { batch: 2 });
const fill = (seed: number) => () => {
  initialiseNetwork(network, seed);
  return seed;
};
const weightsNow = () =>
  [...collectState(network)].flatMap(([name, { data }]) =>
    data instanceof Float32Array && !name.includes("running_") ? [...data] : []
  );

function weightsOf(seed: number): number[] {
  fill(seed)();
  return weightsNow();
}

Deno.test("meanWeights() leaves the mean of all fillings, and tells what they returned", () => {
  const [first, second, third, fourth] = [1, 2, 3, 4].map(weightsOf);
  assertEquals(meanWeights(network, [fill(1), fill(2)]), [1, 2]);
  // Halves of floats are exact, so that only the sum is rounded.
  assertEquals(weightsNow(), first!.map((weight, i) => Math.fround(weight / 2 + second![i]! / 2)));
  meanWeights(network, [1, 2, 3, 4].map(fill));
  const sum = [first, second, third, fourth].reduce<number[]>(
    (sum, weights) => sum.map((value, i) => Math.fround(value + weights![i]! / 4)),
    first!.map(() => 0),
  );
  assertEquals(weightsNow(), sum);
});

Deno.test("meanWeights() leaves one filling alone as it is, and a filling that fails leaves no slot behind", () => {
  assertEquals(meanWeights(network, [fill(5)]), [5]);
  const one = weightsNow();
  assertEquals(one, weightsOf(5));
  const fail = () => {
    throw new RangeError("no such supernet");
  };
  assertThrows(() => meanWeights<unknown>(network, [fill(1), fail]), RangeError, "no such supernet");
  const slot = network.vectors.allocate();
  network.vectors.free(slot);
  assertThrows(() => meanWeights<unknown>(network, [fill(1), fail]), RangeError, "no such supernet");
  assertEquals(network.vectors.allocate(), slot);
  network.vectors.free(slot);
});

globalThis.addEventListener("unload", () => engine.close());
