import { assert, assertAlmostEquals, assertEquals, assertThrows } from "@std/assert";
import { SLOT } from "../../src/engine/mod.ts";
import { tinyProgram, withEngine } from "./_tiny.ts";

Deno.test("ParameterVectors copies, adds, scales and measures whole parameter vectors", () =>
  withEngine((engine) => {
    const network = engine.compile(tinyProgram(), { batch: 4 });
    network.initialise(1);
    const { vectors } = network;
    const before = network.parameters.map(({ name }) => network.read(name));
    const sum = before.flatMap((values) => [...values]).reduce((total, value) => total + value * value, 0);
    assertAlmostEquals(vectors.norm(SLOT.values), Math.sqrt(sum), 1e-5 * Math.sqrt(sum));

    const slot = vectors.allocate();
    assertEquals(vectors.norm(slot), 0);
    vectors.copy(SLOT.values, slot);
    vectors.scale(4, slot);
    vectors.axpy(-0.5, slot, SLOT.values);
    const after = network.parameters.map(({ name }) => network.read(name));
    // Products with powers of two are exact, and so is value - 2 value.
    assertEquals(after, before.map((values) => values.map((value) => -value)));
    vectors.copy(slot, SLOT.values);
    assertEquals(network.read("stem.0.weight"), before[0]!.map((value) => 4 * value));
    vectors.free(slot);
    network.free();
  }));

Deno.test("ParameterVectors tells for each parameter how far two vectors point the same way", () =>
  withEngine((engine) => {
    const network = engine.compile(tinyProgram(), { batch: 4 });
    const { vectors, parameters } = network;
    network.initialise(1);
    const slot = vectors.allocate();
    vectors.copy(SLOT.values, slot);
    network.initialise(2);
    const found = vectors.cosines(SLOT.values, slot);
    const wanted = parameters.map(({ name, shape }) => {
      const [a, b] = [network.read(name), network.read(name, slot)];
      const columns = a.length / shape[0]!;
      const dot = (x: Float32Array, y: Float32Array, column: number) =>
        x.reduce((sum, value, i) => i % columns === column ? sum + value * y[i]! : sum, 0);
      const norm = (x: Float32Array, column: number) => Math.max(Math.sqrt(dot(x, x, column)), 1e-8);
      const cosine = (column: number) => dot(a, b, column) / (norm(a, column) * norm(b, column));
      return Array.from({ length: columns }, (_, column) => cosine(column)).reduce((x, y) => x + y) / columns;
    });
    assertEquals(found.length, parameters.length);
    found.forEach((cosine, i) => assertAlmostEquals(cosine, wanted[i]!, 1e-12, parameters[i]!.name));
    assert(new Set(found).size > 2 && found.some((cosine) => cosine < 0));

    vectors.copy(slot, SLOT.values);
    for (const [factor, direction] of [[3, 1], [-1, -1], [0, 0]] as const) {
      vectors.scale(factor, slot);
      vectors.cosines(slot, SLOT.values).forEach((cosine, i) => {
        // Nothing has no direction: the biases of a normalisation are 0.
        const isNothing = network.read(parameters[i]!.name).every((value) => value === 0);
        assertAlmostEquals(cosine, isNothing ? 0 : direction, 1e-12, parameters[i]!.name);
      });
    }
    network.free();
  }));

Deno.test("ParameterVectors refuses a slot that is not there", () =>
  withEngine((engine) => {
    const network = engine.compile(tinyProgram(), { batch: 1 });
    const slot = network.vectors.allocate();
    network.vectors.free(slot);
    assertThrows(() => network.vectors.norm(slot), Error);
    assertThrows(() => network.vectors.cosines(SLOT.values, slot), Error);
    assertThrows(() => network.vectors.copy(SLOT.values, 99), Error);
    network.free();
  }));
