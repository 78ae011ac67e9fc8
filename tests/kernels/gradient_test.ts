import { assertAlmostEquals, assertGreater } from "@std/assert";
import { Engine } from "../../src/engine/mod.ts";
import { buildSupernet } from "../../src/spaces/mod.ts";
import { makeDartsSpace } from "../../src/spaces/darts/space.ts";

// The second witness beside PyTorch: it knows nothing of how gradients are computed. A longer step crosses more kinks of ReLU
// and max pooling, a shorter one drowns in single precision.
const STEP = 1e-4;
const DIRECTIONS = 4;
/** Relative; single-precision losses and the ReLU and max kinks that a step crosses leave about a percent. */
const TOLERANCE = 0.03;

Deno.test("backward() agrees with central differences of the loss along random directions", async () => {
  const engine = await Engine.start({ build: "strict", threads: 2 });
  const space = makeDartsSpace({ channels: 8, cells: 3, classes: 5, inputChannels: 1, height: 9, width: 9 });
  const network = engine.compile(buildSupernet(space), { batch: 16 });
  network.initialise(2);
  const mixing = engine.normals(network.mixingCount, 2, 0).map((value) => 0.2 + 0.05 * value);
  const pixels = Uint8Array.from(
    engine.normals(16 * 81, 3, 0),
    (value) => Math.max(0, Math.min(255, 128 + 60 * value)),
  );
  const images = engine.loadImages(pixels, { count: 16, height: 9, width: 9, channels: 1 });
  const indices = Uint32Array.from({ length: 16 }, (_, i) => i);
  const source = { images, indices, labels: indices.map((i) => i % 5), mean: [0.5], std: [0.3], seed: 0, epoch: 0 };
  const loss = () => network.forward(source, { training: true, statisticsMomentum: 0 }).loss;

  network.setMixing(mixing);
  network.backward(source, { weightGradients: true, statisticsMomentum: 0 });
  const names = network.parameters.map(({ name }) => name);
  const values = names.map((name) => network.read(name));
  const gradients = names.map((name) => network.read(name, "gradient"));
  const mixingGradient = network.mixingGradient();
  const length = Math.hypot(...gradients.map((g) => Math.hypot(...g)));
  assertGreater(length, 0.1);
  for (let direction = 0; direction < DIRECTIONS; direction++) {
    // Along the gradient, but turned round for a random half of the tensors: steep enough to be seen in single precision.
    const signs = engine.normals(names.length, 10 + direction, 0).map(Math.sign);
    const shifted = (amount: number) => {
      names.forEach((name, i) =>
        network.write(name, values[i]!.map((v, j) => v + amount * signs[i]! * gradients[i]![j]! / length))
      );
      return loss();
    };
    const numeric = (shifted(STEP) - shifted(-STEP)) / (2 * STEP);
    shifted(0);
    const analytic = gradients.reduce((sum, g, i) => sum + signs[i]! * dot(g, g), 0) / length;
    assertAlmostEquals(numeric, analytic, TOLERANCE * length);

    const towards = engine.normals(mixing.length, 20 + direction, 0);
    const mixed = (amount: number) => {
      network.setMixing(mixing.map((value, i) => value + amount * towards[i]!));
      return loss();
    };
    const slope = (mixed(STEP) - mixed(-STEP)) / (2 * STEP);
    network.setMixing(mixing);
    assertAlmostEquals(slope, dot(mixingGradient, towards), TOLERANCE * Math.hypot(...mixingGradient));
  }
  engine.close();
});

function dot(a: Float32Array, b: Float32Array): number {
  return a.reduce((sum, value, i) => sum + value * b[i]!, 0);
}
