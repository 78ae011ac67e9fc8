import { assertAlmostEquals, assertEquals } from "@std/assert";
import { summariseTarget } from "../../src/compare/summary.ts";
import { correlateDistance } from "../../src/compare/distance_benefit.ts";
import { armRun } from "../pipelines/_comparison.ts";

const TARGETS = ["a", "b"].map((name) =>
  summariseTarget(name, [
    { arm: "scratch", seeds: [armRun(0, [0.2, 0.4, 0.6]), armRun(1, [0.3, 0.5])] },
    { arm: "from-near", seeds: [armRun(0, [0.6, 0.7]), armRun(1, [0.5, 0.6, 0.9])] },
    { arm: "from-far", seeds: [armRun(0, [0.3, 0.4]), armRun(1, [0.3, 0.4])] },
    { arm: "traditional", seeds: [armRun(0, [0.9])] },
  ])
);
const SOURCES = new Map([["from-near", "near"], ["from-far", "far"]]);
const DISTANCES = new Map([
  ["a", new Map([["near", { distance: 1, relativeDistance: 0.1 }], ["far", { distance: 2, relativeDistance: 0.4 }]])],
  ["b", new Map([["near", { distance: 3, relativeDistance: 0.2 }], ["far", { distance: 40, relativeDistance: 0.3 }]])],
]);

Deno.test("correlateDistance() sets distance beside how far ahead of scratch each source is", () => {
  const { pairs, overPairs, withinTargets } = correlateDistance(TARGETS, SOURCES, DISTANCES)!;
  assertEquals(
    pairs.map(({ target, source, distance, relativeDistance }) => [target, source, distance, relativeDistance]),
    [
      ["a", "near", 1, 0.1],
      ["a", "far", 2, 0.4],
      ["b", "near", 3, 0.2],
      ["b", "far", 40, 0.3],
    ],
  );
  // Near: (0.4 + 0.3) / 2 and (0.2 + 0.1) / 2; far: (0.1 + 0) / 2 and (0 − 0.1) / 2.
  pairs.forEach(({ benefit }, i) => assertAlmostEquals(benefit, [0.25, 0, 0.25, 0][i]!, 1e-12));
  assertEquals(withinTargets, -1);
  // By distance as it is, b's near source would be farther than a's far one.
  assertAlmostEquals(overPairs!, -2 / Math.sqrt(5), 1e-12);
});

Deno.test("correlateDistance() has nothing to say of a single pair", () => {
  const one = new Map([["from-near", "near"]]);
  assertEquals(correlateDistance(TARGETS.slice(0, 1), one, DISTANCES), undefined);
  assertEquals(correlateDistance(TARGETS, SOURCES, new Map()), undefined);
});
