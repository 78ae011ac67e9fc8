import { assert, assertAlmostEquals, assertEquals, assertLess, assertNotEquals, assertThrows } from "@std/assert";
import type { BatchSource, Preparation } from "../../src/engine/mod.ts";
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
        return network.forward(batch, { training: true, statisticsMomentum: 0 }).loss;
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

Deno.test("Networks of one program have parameters of their own", () =>
  withEngine((engine) => {
    const network = engine.compile(tinyProgram(), { batch: COUNT });
    const other = engine.compile(tinyProgram(), { batch: 1 });
    network.write("classifier.bias", new Float32Array([4, 5, 6]));
    other.write("classifier.bias", new Float32Array([1, 2, 3]));
    assertEquals(network.read("classifier.bias"), new Float32Array([4, 5, 6]));
    network.free();
    assertEquals(other.read("classifier.bias"), new Float32Array([1, 2, 3]));
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

Deno.test("Network prepares each image as its dataset is, the same as in a batch of that dataset alone", () =>
  withEngine((engine) => {
    const network = engine.compile(tinyProgram(), { batch: COUNT });
    network.initialise(1);
    const { mean: _, std: __, ...batch } = tinyBatch(engine);
    const preparations = [
      { mean: [0.5], std: [0.25], augment: { cropPadding: 1, flip: true, cutout: 2 } },
      { mean: [0.1], std: [0.5] },
    ];
    const of = Uint32Array.of(0, 1, 1, 0, 1, 0);
    const logitsOf = (source: BatchSource) => {
      network.forward(source, { training: false });
      return network.logits();
    };
    const mixed = logitsOf({ ...batch, mean: [0], std: [1], parts: { preparations, of } });
    preparations.forEach((preparation, part) => {
      const alone = logitsOf({ ...batch, ...preparation });
      of.forEach((own, i) => {
        if (own === part) assertEquals(mixed.slice(3 * i, 3 * i + 3), alone.slice(3 * i, 3 * i + 3), `image ${i}`);
      });
    });
  }));

Deno.test("Network refuses datasets that do not fit the batch", () =>
  withEngine((engine) => {
    const network = engine.compile(tinyProgram(), { batch: COUNT });
    const batch = tinyBatch(engine);
    const run = (of: number[], preparations: Preparation[]) =>
      network.forward({ ...batch, parts: { of: Uint32Array.from(of), preparations } }, { training: false });
    const good = { mean: [0.5], std: [0.25] };
    assertThrows(() => run([0, 0, 0, 0, 0, 1], [good]), Error, "dataset 1 is out of range, expected less than 1");
    assertThrows(() => run([0, 0], [good]), Error, "found 2 datasets of images, expected 6");
    assertThrows(() => run([], []), Error, "found 0 numbers of preparation");
    assertThrows(() => run([], [good, { mean: [0.5], std: [0] }]), Error, "a standard deviation is not positive");
    assertThrows(() => run([], [{ mean: [0.5, 0.5], std: [1, 1] }]), RangeError, "found 2 means, expected 1");
  }));

Deno.test("Network.imageOutcomes() are what loss and hits of a batch are made of", () =>
  withEngine((engine) => {
    const network = engine.compile(tinyProgram(), { batch: COUNT });
    network.initialise(1);
    const { loss, correct } = network.forward(tinyBatch(engine), { training: true });
    const { losses, hits } = network.imageOutcomes();
    assertEquals([losses.length, hits.filter(Boolean).length], [COUNT, correct]);
    assertAlmostEquals(losses.reduce((sum, value) => sum + value, 0) / COUNT, loss, 1e-12);
  }));
