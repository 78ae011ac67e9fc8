import { assert, assertAlmostEquals, assertEquals, assertNotEquals, assertRejects } from "@std/assert";
import { Engine } from "../../src/engine/mod.ts";
import { ownMode } from "../_launch.ts";
import { tinyBatch, tinyProgram, withEngine } from "./_tiny.ts";

Deno.test("Engine.start() refuses a number of threads that makes no sense", async () => {
  for (const threads of [0, 17, 1.5, NaN]) {
    await assertRejects(() => Engine.start({ threads }), RangeError, "expected 1 to 16");
  }
});

Deno.test("Engine.start() runs the single build on one thread whatever is asked for", async () => {
  const engine = await Engine.start({ build: "single", threads: 3 });
  assertEquals([engine.build, engine.threads, engine.mode], ["single", 1, ownMode()]);
  engine.close();
});

Deno.test("Engine.permutation() is an order of all numbers and a function of seed and epoch", () =>
  withEngine((engine) => {
    const order = engine.permutation(100, 7, 1);
    assertEquals([...order].sort((a, b) => a - b), Array.from({ length: 100 }, (_, i) => i));
    assertEquals(engine.permutation(100, 7, 1), order);
    assertNotEquals(engine.permutation(100, 7, 2), order);
    assertNotEquals(engine.permutation(100, 7 + 2 ** 32, 1), order);
    assertEquals(engine.permutation(0, 7, 1).length, 0);
  }));

Deno.test("Engine.normals() are standard normal and a function of seed and stream", () =>
  withEngine((engine) => {
    const count = 10_000;
    const values = engine.normals(count, 5, 0);
    const mean = values.reduce((sum, value) => sum + value, 0) / count;
    const variance = values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / count;
    // Five standard errors: 1/sqrt(n) of the mean, sqrt(2/n) of the variance.
    assertAlmostEquals(mean, 0, 5 / Math.sqrt(count));
    assertAlmostEquals(variance, 1, 5 * Math.sqrt(2 / count));
    assertEquals(engine.normals(count, 5, 0), values);
    assertNotEquals(engine.normals(count, 5, 1), values);
  }));

Deno.test("Engine computes the same bits with one, two, three and four threads", async () => {
  const results: unknown[] = [];
  for (const threads of [1, 2, 3, 4]) {
    await withEngine((engine) => {
      const network = engine.compile(tinyProgram(), { batch: 6 });
      network.initialise(11);
      network.setMixing(new Float32Array([0.25, 0.75]));
      const result = network.backward(tinyBatch(engine), { weightGradients: true });
      const gradients = network.parameters.map(({ name }) => network.read(name, "gradient"));
      results.push([result, gradients, network.mixingGradient()]);
    }, threads);
  }
  for (const result of results) assertEquals(result, results[0]);
});

Deno.test("Engine.memoryBytes() counts what images take", () =>
  withEngine((engine) => {
    const before = engine.memoryBytes();
    const side = 1024;
    engine.loadImages(new Uint8Array(16 * side * side), { count: 16, height: side, width: side, channels: 1 });
    assert(engine.memoryBytes() >= before + 8 * side * side, `${before} bytes before, ${engine.memoryBytes()} after`);
  }));
