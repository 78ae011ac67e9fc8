import { assert, assertEquals, assertLessOrEqual } from "@std/assert";
import { Engine } from "../../../src/engine/mod.ts";
import { BilevelSearch } from "../../../src/search/mod.ts";
import { createEvolution } from "../../../src/search/methods/evolution.ts";
import { drawPath } from "../../../src/search/methods/random.ts";
import { deriveGenotype } from "../../../src/spaces/mod.ts";
import { TINY_SPACE } from "../../network/_tiny_task.ts";
import { tinySearch } from "../_tiny_search.ts";

const FIRST = drawPath(TINY_SPACE, 1);

/** Fit is what agrees with one network in most of its edges. */
const overlap = (path: Float32Array) => path.reduce((sum, weight, i) => sum + weight * FIRST[i]!, 0) / 8;

Deno.test("createEvolution() finds what is fit where drawing does not", () => {
  const method = createEvolution(TINY_SPACE);
  const start = drawPath(TINY_SPACE, 99);
  const search = (most: number) => {
    let tried = 0;
    const accuracyOf = (path: Float32Array) => {
      tried++;
      return overlap(path);
    };
    return { best: method.conclude!(start, { most, seed: 3, accuracyOf }), tried };
  };
  const [drawn, bred] = [search(50), search(1000)];
  assert(overlap(bred.best) > overlap(drawn.best));
  assert(overlap(bred.best) >= 0.75);
  assertEquals([drawn.tried, bred.tried > 60, search(1000).best], [50, true, bred.best]);
  assertLessOrEqual(search(7).tried, 7);
  assertLessOrEqual(bred.tried, 1000);
  // What is bred is a network of the space: two edges a node.
  assertEquals(bred.best.reduce((sum, weight) => sum + weight), 8);
});

Deno.test("createEvolution() trains another network in every step, and ends with the best of those tried", async () => {
  const engine = await Engine.start({ build: "strict", threads: 1 });
  const method = createEvolution(TINY_SPACE);
  const context = { purpose: "weights", seed: 1, epoch: 0 } as const;
  const paths = [0, 1, 2].map((step) => method.mix(FIRST, { ...context, step }).weights.join());
  assertEquals(new Set(paths).size, 3);
  const options = tinySearch(engine, { method });
  const search = new BilevelSearch(options);
  const tried: number[] = [];
  const conclude = method.conclude!;
  let best: number | undefined;
  Object.assign(method, {
    conclude: (alpha: Float32Array, trials: Parameters<typeof conclude>[1]) => {
      const accuracyOf = (path: Float32Array) => tried[tried.push(trials.accuracyOf(path)) - 1]!;
      const chosen = conclude(alpha, { ...trials, accuracyOf });
      best = trials.accuracyOf(chosen);
      return chosen;
    },
  });
  while (!search.clock.isDone) {
    while (!search.clock.isEpochOver) assertEquals(search.takeStep().alphaLoss, undefined);
    const { genotype } = search.finishEpoch();
    assertEquals(genotype, deriveGenotype(search.alpha, TINY_SPACE));
  }
  assertEquals([tried.length > 0, best], [true, Math.max(...tried)]);
  engine.close();
});
