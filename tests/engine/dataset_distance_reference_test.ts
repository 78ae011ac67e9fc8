import { assert, assertAlmostEquals } from "@std/assert";
import { Engine } from "../../src/engine/mod.ts";
import { readFixture, relativeError } from "../kernels/_fixtures.ts";

interface Case {
  first: string;
  second: string;
  firstClasses: number;
  secondClasses: number;
  results: { share: number; epsilon: number; values: number[]; distance: number }[];
}

const { description, arrays } = await readFixture<{ cases: Case[] }>("transport");

for (const build of ["strict", "relaxed", "single"] as const) {
  for (const { first, second, firstClasses, secondClasses, results } of description.cases) {
    Deno.test(`Engine.datasetDistance() agrees with POT and scipy: ${first}, ${second} (${build})`, async () => {
      const engine = await Engine.start({ build, threads: 2 });
      const side = (name: string, classes: number) => ({
        features: Uint8Array.from(arrays.get(`${name}/features`)!.data),
        labels: Uint8Array.from(arrays.get(`${name}/labels`)!.data),
        classes,
      });
      for (const { share, epsilon, values, distance } of results) {
        const found = engine.datasetDistance(side(first, firstClasses), side(second, secondClasses), {
          epsilon: share,
        });
        const labels = arrays.get(`${first}-${second}/label_distances`)!.data;
        const labelError = relativeError(found.labelDistances, labels);
        assert(labelError < 1e-5, `labels: relative error ${labelError}`);
        assertAlmostEquals(found.epsilon, epsilon, 1e-5 * epsilon);
        [found.between, found.withinFirst, found.withinSecond].forEach(({ value }, i) =>
          assertAlmostEquals(value, values[i]!, 1e-5 * values[i]!)
        );
        assertAlmostEquals(found.distance, distance, 1e-4 * distance, `at ${share}`);
      }
      engine.close();
    });
  }
}
