import { assertAlmostEquals, assertEquals } from "@std/assert";
import { temperHead } from "../../src/search/temper_head.ts";

const CLASSES = 3;
/** Norm of the weights of a random head of three classes, in expectation. */
const RANDOM = 1;

function headOf(weights: readonly number[], biases: readonly number[]) {
  const tensors = new Map<string, Float32Array>([
    ["classifier.weight", Float32Array.from(weights)],
    ["classifier.bias", Float32Array.from(biases)],
  ]);
  return {
    parameters: [{ name: "classifier.weight", shape: [CLASSES, weights.length / CLASSES] }],
    read: (name: string) => tensors.get(name)!.slice(),
    write: (name: string, values: Float32Array) => void tensors.set(name, values),
  };
}

Deno.test("temperHead() divides weights and biases of a steep head by one number", () => {
  const head = headOf([0, 0, 64, 0, 0, 0], [2, 4, 8]);
  assertAlmostEquals(temperHead(head), 64 / (16 * RANDOM), 1e-12);
  assertEquals([...head.read("classifier.weight")], [0, 0, 16, 0, 0, 0]);
  assertEquals([...head.read("classifier.bias")], [0.5, 1, 2]);
});

Deno.test("temperHead() leaves a head alone, bit for bit, that is not too steep", () => {
  const weights = [3, -4, 0, 0.1, 0, 0];
  const head = headOf(weights, [1, 2, 3]);
  assertEquals(temperHead(head), 1);
  assertEquals(head.read("classifier.weight"), Float32Array.from(weights));
  assertEquals([...head.read("classifier.bias")], [1, 2, 3]);
});
