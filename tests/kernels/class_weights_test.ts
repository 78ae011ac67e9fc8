import { assert, assertAlmostEquals, assertEquals, assertThrows } from "@std/assert";
import { type BatchSource, Engine, type Network, type Program, ProgramBuilder } from "../../src/engine/mod.ts";
import fixture from "../reference/fixtures/class_weights.json" with { type: "json" };

const { side, channels, classes, auxiliary, mean, std, labels, weights } = fixture;

function program(groups: readonly number[]): Program {
  const builder = new ProgramBuilder({ height: side, width: side, channels: 1 });
  const stem = { out: channels, kernel: 3, stride: 1, padding: 1, relu: false, weight: "stem" };
  const features = builder.globalAveragePool([builder.convolution(builder.image, stem)]);
  builder.classifier(features, { weight: "v", bias: "c", classes, groups, auxiliaryWeight: auxiliary });
  builder.classifier(features, { weight: "w", bias: "b", classes, groups });
  return builder.build(0);
}

const engine = await Engine.start({ build: "strict", threads: 1 });

/** Compiles the network of a case and gives it the case's parameters. */
function open({ groups, parameters, pixels }: typeof fixture.cases[number]): { network: Network; source: BatchSource } {
  const network = engine.compile(program(groups), { batch: labels.length });
  for (const [name, values] of Object.entries(parameters)) network.write(name, Float32Array.from(values));
  const shape = { count: labels.length, height: side, width: side, channels: 1 };
  const source: BatchSource = {
    images: engine.loadImages(Uint8Array.from(pixels), shape),
    indices: Uint32Array.from(labels.keys()),
    labels: Uint32Array.from(labels),
    mean: [mean],
    std: [std],
    seed: 0,
    epoch: 0,
  };
  return { network, source };
}

Deno.test("classes' weights give PyTorch's loss and gradients, in groups of classes too", () => {
  assertEquals(fixture.cases.map(({ groups }) => groups), [[5], [2, 3]]);
  for (const one of fixture.cases) {
    const { network, source } = open(one);
    const classWeights = Float32Array.from(weights);
    assertAlmostEquals(network.forward({ ...source, classWeights }, { training: false }).loss, one.loss, 1e-6);
    const { loss } = network.backward({ ...source, classWeights }, { weightGradients: true });
    assertAlmostEquals(loss, one.loss, 1e-6);
    for (const [name, expected] of Object.entries(one.gradients)) {
      const found = network.read(name, "gradient");
      const largest = Math.max(...expected.map(Math.abs));
      // A few roundings of sums of at most 54 products in single precision.
      expected.forEach((value, i) => assertAlmostEquals(found[i]!, value, 54 * 2 ** -23 * largest));
    }
    network.free();
  }
});

Deno.test("equal weights are the bits of none where they are a power of two, and images' own losses never change", () => {
  const { network, source } = open(fixture.cases[0]!);
  const run = (classWeights?: Float32Array) => {
    const { loss, correct } = network.backward({ ...source, classWeights }, { weightGradients: true });
    const gradients = network.parameters.map(({ name }) => network.read(name, "gradient"));
    return { loss, correct, gradients, outcomes: network.imageOutcomes() };
  };
  const plain = run();
  assertEquals(run(new Float32Array(classes).fill(1)), plain);
  assertEquals(run(new Float32Array(classes).fill(0.25)), plain);
  const weighted = run(Float32Array.from(weights));
  assert(weighted.loss !== plain.loss);
  assertEquals(weighted.outcomes, plain.outcomes);
  network.free();
});

Deno.test("a run refuses weights that are not those of its classes", () => {
  const { network, source } = open(fixture.cases[0]!);
  for (const classWeights of [[1], [1, 1, 1, 1, 1, 1], [1, 1, 0, 1, 1], [1, NaN, 1, 1, 1], [1, 1, 1, Infinity, 1]]) {
    assertThrows(
      () => network.backward({ ...source, classWeights: Float32Array.from(classWeights) }, { weightGradients: true }),
      Error,
      `found ${classWeights.length} weights of classes, expected 5 finite ones above 0`,
    );
  }
  network.free();
});
