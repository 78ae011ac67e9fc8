import { assertAlmostEquals, assertEquals } from "@std/assert";
import { classify, rankClasses, softmax } from "../../src/network/mod.ts";
import { COUNT, SIDE, tinyBatch, tinyPixels, tinyProgram, withEngine } from "../engine/_tiny.ts";

const CLASSES = ["cat", "dog", "owl"];

Deno.test("softmax() gives probabilities that add up to 1, however large the logits", () => {
  for (const logits of [[0, 0, 0], [1, 2, 3], [1e30, 0, -1e30], [-5e3, -5e3, -6e3]]) {
    const probabilities = softmax(Float32Array.from(logits));
    assertAlmostEquals(probabilities.reduce((sum, value) => sum + value, 0), 1, 1e-12);
  }
  // Powers of e: e / (e + 1) and 1 / (e + 1).
  const [first, second] = softmax(Float32Array.of(1, 0));
  assertAlmostEquals(first!, Math.E / (Math.E + 1), 1e-12);
  assertAlmostEquals(second!, 1 / (Math.E + 1), 1e-12);
});

Deno.test("rankClasses() puts the likeliest first, and equals in their order", () => {
  const names = (logits: number[]) => rankClasses(Float32Array.from(logits), CLASSES).map((entry) => entry.class);
  assertEquals(names([0, 3, 1]), ["dog", "owl", "cat"]);
  assertEquals(names([1, 1, 1]), CLASSES);
});

Deno.test("classify() ranks every image by its logits, whatever the batch", () =>
  withEngine((engine) => {
    const images = engine.loadImages(tinyPixels(), { count: COUNT, height: SIDE, width: SIDE, channels: 1 });
    const data = { images, mean: [0.5], std: [0.25] };
    const network = engine.compile(tinyProgram(), { batch: COUNT });
    network.initialise(1);
    network.forward(tinyBatch(engine), { training: false });
    const logits = network.logits();
    const expected = Array.from(
      { length: COUNT },
      (_, i) => rankClasses(logits.slice(3 * i, 3 * i + 3), CLASSES),
    );
    assertEquals(classify(network, data, { classes: CLASSES }), expected);
    const small = engine.compile(tinyProgram(), { batch: 4, isInference: true });
    small.initialise(1);
    const top = expected.map((ranked) => ranked.slice(0, 2));
    assertEquals(classify(small, data, { classes: CLASSES, top: 2 }), top);
  }));
