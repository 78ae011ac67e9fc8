import { assert, assertEquals } from "@std/assert";
import { expandStudy, type Study } from "../../src/sweep/study.ts";

const EMPTY: Study = { command: "search", settings: {}, grid: {}, paired: [], repeats: 1, constraints: [] };

Deno.test("a study without anything is one run", () => assertEquals(expandStudy(EMPTY), [{}]));

Deno.test("a grid is every combination, with every row of a pairing and every repeat", () => {
  const trials = expandStudy({
    ...EMPTY,
    settings: { epochs: 2, seed: 5 },
    grid: { data: ["a", "b"] },
    paired: [{ image: [8, 16], batch: [32, 64] }],
    repeats: 2,
  });
  assertEquals(trials.length, 8);
  assertEquals(trials[0], { epochs: 2, seed: 5, data: "a", image: 8, batch: 32 });
  assertEquals(trials[1], { epochs: 2, seed: 6, data: "a", image: 8, batch: 32 });
  assertEquals(trials.at(-1), { epochs: 2, seed: 6, data: "b", image: 16, batch: 64 });
});

Deno.test("the same draws come again, whatever stands beside them, and keep within their bounds", () => {
  const learningRate = { from: 0.001, to: 1, scale: "log", isWhole: false } as const;
  const drawn = (flags: NonNullable<Study["random"]>["flags"]) =>
    expandStudy({ ...EMPTY, random: { count: 200, seed: 3, flags } });
  const rates = drawn({ learningRate }).map((trial) => trial.learningRate as number);
  const more = drawn({ epochs: { from: 1, to: 3, scale: "linear", isWhole: true }, learningRate });
  assertEquals(more.map((trial) => trial.learningRate), rates);
  assertEquals([...new Set(more.map(({ epochs }) => epochs))].sort(), [1, 2, 3]);
  assert(rates.every((rate) => rate >= 0.001 && rate <= 1));
  // Half of the draws of a logarithmic scale are below the geometric mean: 200 draws are within five deviations.
  const low = rates.filter((rate) => rate < Math.sqrt(0.001)).length;
  assert(low > 65 && low < 135, `${low} of 200`);
});

Deno.test("constraints leave trials out, and equal trials are one", () => {
  const study: Study = { ...EMPTY, grid: { data: ["a", "b"], epochs: [1, 2, 2, 5] } };
  assertEquals(expandStudy(study).length, 6);
  const only = expandStudy({ ...study, constraints: [{ if: { data: ["a"] }, then: { epochs: { from: 2 } } }] });
  assertEquals(only.filter(({ data }) => data === "a").map(({ epochs }) => epochs), [2, 5]);
  const without = expandStudy({ ...study, constraints: [{ not: { data: ["b"], epochs: [5] } }] });
  assertEquals(without.filter(({ data }) => data === "b").map(({ epochs }) => epochs), [1, 2]);
});
