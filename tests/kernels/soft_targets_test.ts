import { assert, assertAlmostEquals, assertEquals, assertThrows } from "@std/assert";
import { type BatchSource, Engine, type Mixing, type Network, ProgramBuilder } from "../../src/engine/mod.ts";
import fixture from "../reference/fixtures/soft_targets.json" with { type: "json" };

const { side, channels, classes, auxiliary, mean, std, labels, weights } = fixture;
const engine = await Engine.start({ build: "strict", threads: 1 });

/** Compiles the network for groups of classes, an image's group being its dataset, and gives it the fixture's parameters. */
function open(groups: readonly number[]): { network: Network; source: BatchSource } {
  const builder = new ProgramBuilder({ height: side, width: side, channels: 1 });
  const stem = { out: channels, kernel: 3, stride: 1, padding: 1, relu: false, weight: "stem" };
  const features = builder.globalAveragePool([builder.convolution(builder.image, stem)]);
  builder.classifier(features, { weight: "v", bias: "c", classes, groups, auxiliaryWeight: auxiliary });
  builder.classifier(features, { weight: "w", bias: "b", classes, groups });
  const network = engine.compile(builder.build(0), { batch: labels.length });
  for (const [name, values] of Object.entries(fixture.parameters)) network.write(name, Float32Array.from(values));
  const shape = { count: labels.length, height: side, width: side, channels: 1 };
  const preparation = { mean: [mean], std: [std] };
  const of = Uint32Array.from(labels, (label) => groups.length > 1 && label >= groups[0]! ? 1 : 0);
  const source: BatchSource = {
    images: engine.loadImages(Uint8Array.from(fixture.pixels), shape),
    indices: Uint32Array.from(labels.keys()),
    labels: Uint32Array.from(labels),
    ...preparation,
    parts: { of, preparations: groups.map(() => preparation) },
    seed: fixture.seed,
    epoch: fixture.epoch,
  };
  return { network, source };
}

Deno.test("smoothed labels and mixed images give PyTorch's loss and gradients, with weights and in groups of classes", () => {
  assertEquals(fixture.cases.length, 6);
  for (const { name, groups, smoothing, mixup, cutmix, isWeighted, ...expected } of fixture.cases) {
    const { network, source } = open(groups);
    const classWeights = isWeighted ? Float32Array.from(weights) : undefined;
    const batch = { ...source, classWeights, labelSmoothing: smoothing, mixing: { mixup, cutmix } };
    assertAlmostEquals(network.forward(batch, { training: false }).loss, expected.loss, 2e-6, name);
    const { loss } = network.backward(batch, { weightGradients: true });
    assertAlmostEquals(loss, expected.loss, 2e-6, name);
    for (const [parameter, values] of Object.entries(expected.gradients)) {
      const found = network.read(parameter, "gradient");
      const largest = Math.max(...values.map(Math.abs));
      // A few roundings of sums of at most 54 products in single precision.
      values.forEach((value, i) =>
        assertAlmostEquals(found[i]!, value, 54 * 2 ** -23 * largest, `${name}: ${parameter}`)
      );
    }
    network.free();
  }
});

Deno.test("without smoothing and mixing the bits are those of plain labels", () => {
  const { network, source } = open([5]);
  const run = (more: Partial<BatchSource>) => {
    const { loss, correct } = network.backward({ ...source, ...more }, { weightGradients: true });
    return { loss, correct, gradients: network.parameters.map(({ name }) => network.read(name, "gradient")) };
  };
  const plain = run({});
  assertEquals(run({ labelSmoothing: 0, mixing: { mixup: 0, cutmix: 0 } }), plain);
  assert(run({ labelSmoothing: 0.1 }).loss !== plain.loss);
  assertEquals(run({ labelSmoothing: 0.1 }).correct, plain.correct, "the answer is the label's, however smooth");
  network.free();
});

Deno.test("an image that is alone of its dataset in the batch stays as it is", () => {
  const { network, source } = open([2, 3]);
  const of = Uint32Array.of(0, 1, 1, 0, 1, 1);
  const batch = { ...source, parts: { ...source.parts!, of } };
  const read = (indices: number[], mixing?: Mixing) => {
    const pick = (values: Uint32Array) => Uint32Array.from(indices, (i) => values[i]!);
    const parts = { ...batch.parts, of: pick(of) };
    return network.assemble({
      ...batch,
      indices: Uint32Array.from(indices),
      labels: pick(batch.labels!),
      parts,
      mixing,
    });
  };
  const mixing = { mixup: 1, cutmix: 0 };
  const size = side * side;
  assertEquals(read([1, 0, 2], mixing).subarray(size, 2 * size), read([0]));
  assert(read([1, 0, 2], mixing)[0] !== read([1])[0]);
  network.free();
});

Deno.test("a run refuses smoothing and mixing out of range, and partners of other groups of classes", () => {
  const { network, source } = open([2, 3]);
  const run = (more: Partial<BatchSource>) => () => network.forward({ ...source, ...more }, { training: false });
  for (const labelSmoothing of [-0.1, 1, NaN]) {
    assertThrows(run({ labelSmoothing }), Error, `label smoothing is ${labelSmoothing}, expected 0 up to 1`);
  }
  for (const wrong of [-1, 2.5, NaN, Infinity]) {
    assertThrows(run({ mixing: { mixup: wrong, cutmix: 0 } }), Error, "Cannot mix images: mixup is");
    assertThrows(run({ mixing: { mixup: 0, cutmix: wrong } }), Error, "expected 0 to 2");
  }
  const of = new Uint32Array(labels.length);
  assertThrows(
    run({ mixing: { mixup: 1, cutmix: 0 }, parts: { ...source.parts!, of } }),
    Error,
    "Cannot mix image 0 of the batch with another: their classes are of different groups",
  );
  network.free();
});
