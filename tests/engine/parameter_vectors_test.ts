import { assertAlmostEquals, assertEquals, assertThrows } from "@std/assert";
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

Deno.test("ParameterVectors refuses a slot that is not there", () =>
  withEngine((engine) => {
    const network = engine.compile(tinyProgram(), { batch: 1 });
    const slot = network.vectors.allocate();
    network.vectors.free(slot);
    assertThrows(() => network.vectors.norm(slot), Error);
    assertThrows(() => network.vectors.copy(SLOT.values, 99), Error);
    network.free();
  }));
