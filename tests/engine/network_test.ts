import { assert, assertEquals, assertLess, assertNotEquals, assertThrows } from "@std/assert";
import { COUNT, tinyBatch, tinyProgram, withEngine } from "./_tiny.ts";

Deno.test("Network lists parameters and buffers by state-dict name and shape", () =>
  withEngine((engine) => {
    const network = engine.compile(tinyProgram(), { batch: COUNT });
    assertEquals(network.parameters.map(({ name, shape }) => [name, [...shape]]), [
      ["stem.0.weight", [5, 1, 3, 3]],
      ["stem.1.weight", [5]],
      ["stem.1.bias", [5]],
      ["classifier.weight", [3, 5]],
      ["classifier.bias", [3]],
    ]);
    assertEquals(network.buffers.map(({ name }) => name), ["stem.1.running_mean", "stem.1.running_var"]);
    assertEquals(network.mixingCount, 2);
  }));

Deno.test("Network.write() and read() keep elements and their order", () =>
  withEngine((engine) => {
    const network = engine.compile(tinyProgram(), { batch: COUNT });
    for (const { name, shape } of [...network.parameters, ...network.buffers]) {
      const values = Float32Array.from({ length: shape.reduce((a, b) => a * b, 1) }, (_, i) => i + 1);
      network.write(name, values);
      assertEquals(network.read(name), values, name);
      assertThrows(() => network.write(name, new Float32Array(values.length + 1)), Error);
    }
    network.write("classifier.bias", new Float32Array([1, 2, 3]), "momentum");
    assertEquals(network.read("classifier.bias", "momentum"), new Float32Array([1, 2, 3]));
    assertThrows(() => network.read("stem.9.weight"), RangeError, "stem.9.weight");
  }));

Deno.test("Network.initialise() is a function of the seed", () =>
  withEngine((engine) => {
    const network = engine.compile(tinyProgram(), { batch: COUNT });
    const initial = (seed: number) => {
      network.initialise(seed);
      return network.read("stem.0.weight");
    };
    const first = initial(1);
    assertNotEquals(initial(2), first);
    assertEquals(initial(1), first);
    assertEquals(network.read("stem.1.running_var"), new Float32Array(5).fill(1));
  }));

Deno.test("Network.sgdStep() after backward() lowers the loss, but not of what is frozen", () =>
  withEngine((engine) => {
    const network = engine.compile(tinyProgram(), { batch: COUNT });
    network.initialise(1);
    network.setMixing(new Float32Array([0.5, 0.5]));
    network.freeze(["stem.0.weight"]);
    const frozen = network.read("stem.0.weight");
    const batch = tinyBatch(engine);
    const step = () => {
      const { loss } = network.backward(batch, { weightGradients: true });
      const { gradientNorm } = network.sgdStep({ learningRate: 0.1, momentum: 0.9, weightDecay: 0, clip: 5 });
      assert(gradientNorm > 0);
      return loss;
    };
    const first = step();
    let last = first;
    for (let i = 0; i < 30; i++) last = step();
    assertLess(last, first);
    assertEquals(network.read("stem.0.weight"), frozen);
  }));

Deno.test("Network.mixingGradient() is the slope of the loss along the mixing weights", () =>
  withEngine((engine) => {
    const network = engine.compile(tinyProgram(), { batch: COUNT });
    network.initialise(4);
    const batch = tinyBatch(engine);
    const mixing = new Float32Array([0.5, 0.25]);
    network.setMixing(mixing);
    network.backward(batch, { weightGradients: false });
    const gradient = network.mixingGradient();
    const step = 2 ** -6;
    for (let i = 0; i < mixing.length; i++) {
      const lossAt = (offset: number) => {
        network.setMixing(mixing.map((weight, j) => j === i ? weight + offset : weight));
        return network.forward(batch, { training: true, updateStatistics: false }).loss;
      };
      const slope = (lossAt(step) - lossAt(-step)) / (2 * step);
      // Float32 losses near 1 divided by the step, and the curvature's error, about step².
      const tolerance = 2 * 2 ** -23 / step * 8 + step ** 2;
      assertLess(Math.abs(gradient[i]! - slope), tolerance, `mixing weight ${i}: ${gradient[i]} and ${slope}`);
    }
  }));

Deno.test("Network.forward() without labels gives logits and no loss, and moves no statistics when not training", () =>
  withEngine((engine) => {
    const network = engine.compile(tinyProgram(), { batch: COUNT });
    network.initialise(1);
    network.setMixing(new Float32Array([0.5, 0.5]));
    const { labels: _, ...batch } = tinyBatch(engine);
    const before = network.read("stem.1.running_mean");
    const { loss, count } = network.forward(batch, { training: false });
    assertEquals([loss, count], [NaN, COUNT]);
    assertEquals(network.logits().length, COUNT * 3);
    assertEquals(network.read("stem.1.running_mean"), before);
    network.forward(batch, { training: true });
    assertNotEquals(network.read("stem.1.running_mean"), before);
  }));

Deno.test("Network with share uses the other's parameters", () =>
  withEngine((engine) => {
    const network = engine.compile(tinyProgram(), { batch: COUNT });
    const other = engine.compile(tinyProgram(), { batch: 1, share: network });
    network.write("classifier.bias", new Float32Array([4, 5, 6]));
    assertEquals(other.read("classifier.bias"), new Float32Array([4, 5, 6]));
  }));

Deno.test("Network refuses batches that do not fit it, and changes nothing", () =>
  withEngine((engine) => {
    const network = engine.compile(tinyProgram(), { batch: 2 });
    network.initialise(1);
    const batch = tinyBatch(engine);
    const two = { ...batch, indices: new Uint32Array([0, 1]), labels: new Uint32Array([0, 1]) };
    const before = network.read("stem.1.running_mean");
    const wrong = [
      batch,
      { ...two, indices: new Uint32Array([0, COUNT]) },
      { ...two, labels: new Uint32Array([0, 3]) },
      { ...two, labels: new Uint32Array([0]) },
      { ...two, mean: [0.5, 0.5] },
      { ...two, seed: -1 },
    ];
    for (const [i, source] of wrong.entries()) {
      assertThrows(() => network.backward(source, { weightGradients: true }), Error, undefined, `batch ${i}`);
    }
    assertEquals(network.read("stem.1.running_mean"), before);
    network.backward(two, { weightGradients: true });
  }));
