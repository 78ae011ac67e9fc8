import { assert, assertEquals } from "@std/assert";
import { lowerToOnnx } from "../../../src/export/onnx/lower.ts";
import { quantiseGraph, roundedValues } from "../../../src/export/onnx/quantise.ts";
import { CASES } from "./_cases.ts";

const graph = lowerToOnnx(CASES["every operation, even sides"]!(), "uint8");
const ranges = new Map(
  roundedValues(graph).map((name, i) => [name, { min: i % 2 === 0 ? 0.5 : -1, max: 2 + i }] as const),
);
const rounded = quantiseGraph(graph, ranges);
const { nodes, constants } = rounded;
const makerOf = (value: string) => nodes.find(({ output }) => output === value);
const numbersOf = (name: string) => [...constants.get(name)!.data].map(Number);

Deno.test("quantiseGraph() feeds every convolution and the classifier with integers: values unsigned, weights a scale a filter", () => {
  const products = nodes.filter(({ type }) => type === "Conv" || type === "Gemm");
  assertEquals(products.length, graph.nodes.filter(({ type }) => type === "Conv" || type === "Gemm").length);
  for (const { inputs } of products) {
    const makers = inputs.map((name) => makerOf(name)!);
    assertEquals(new Set(makers.map(({ type }) => type)), new Set(["DequantizeLinear"]));
    const [values, weights, bias] = makers;
    assertEquals(makerOf(values!.inputs[0]!)!.type, "QuantizeLinear");
    assert(constants.get(values!.inputs[2]!)!.data instanceof Uint8Array);
    const { shape, data } = constants.get(weights!.inputs[0]!)!;
    // Two products of a byte and such a weight fit 16 bits.
    assert(data instanceof Int8Array && data.every((value) => Math.abs(value) <= 63));
    assertEquals(constants.get(weights!.inputs[1]!)!.shape, shape.slice(0, 1));
    const [step] = numbersOf(values!.inputs[1]!);
    const expected = numbersOf(weights!.inputs[1]!).map((scale) => Math.fround(scale * step!));
    if (bias !== undefined) assertEquals(numbersOf(bias.inputs[1]!), expected);
  }
});

Deno.test("quantiseGraph() tells zero exactly in every range, and the ends to a step", () => {
  for (const [name, { min, max }] of ranges) {
    const [[scale], [zero]] = [numbersOf(`${name}.scale`), numbersOf(`${name}.zero`)];
    assert(zero! >= 0 && zero! <= 255);
    assert(Math.abs((255 - zero!) * scale! - max) <= scale!, `${name}: largest`);
    assert(-zero! * scale! <= Math.min(0, min) + scale!, `${name}: smallest`);
  }
});

Deno.test("quantiseGraph() lets a pooling of the largest keep its units, and rounds once after a ReLU", () => {
  const pools = nodes.filter(({ type }) => type === "MaxPool");
  assert(pools.length > 0);
  for (const { inputs, output } of pools) {
    const rounding = nodes.find(({ type, inputs }) => type === "QuantizeLinear" && inputs[0] === output)!;
    assertEquals(rounding.inputs.slice(1), makerOf(inputs[0]!)!.inputs.slice(1));
  }
  const readers = (value: string) => graph.nodes.filter(({ inputs }) => inputs.includes(value));
  const rectifiedOnly = graph.nodes.filter(({ type, output }) =>
    type === "Conv" && readers(output).length > 0 && readers(output).every(({ type }) => type === "Relu")
  );
  assert(rectifiedOnly.length > 0);
  for (const { output } of rectifiedOnly) {
    assert(!ranges.has(output) && nodes.some(({ inputs }) => inputs[0] === output));
  }
});
