import { assertEquals } from "@std/assert";
import { FeatureRows, featuresOf, joinRows } from "../../src/search/mod.ts";

Deno.test("FeatureRows puts the features of batches, the last one smaller, under one another with their labels", () => {
  const batches = [Float32Array.of(1, 2, 3, 4), Float32Array.of(5, 6)];
  const rows = new FeatureRows({ features: () => batches.shift()! });
  assertEquals([rows.features(), rows.labels()], [new Float32Array(), new Uint32Array()]);
  rows.add({ labels: Uint32Array.of(7, 8) });
  rows.add({ labels: Uint32Array.of(9) });
  assertEquals(rows.features(), Float32Array.of(1, 2, 3, 4, 5, 6));
  assertEquals(rows.labels(), Uint32Array.of(7, 8, 9));
});

Deno.test("featuresOf() runs batches with weights and statistics at rest, and joins what the head reads", () => {
  const given = [Float32Array.of(1, 2), Float32Array.of(3, 4), Float32Array.of(5)];
  const modes: boolean[] = [];
  const network = {
    forward: (_: unknown, { training }: { training: boolean }) => (modes.push(training), {}) as never,
    features: () => given.shift()!,
  };
  const sources = [1, 2, 3].map((seed) => ({ seed }) as never);
  assertEquals(featuresOf(network, sources), Float32Array.of(1, 2, 3, 4, 5));
  assertEquals(modes, [false, false, false]);
  assertEquals(joinRows([]), new Float32Array());
});
