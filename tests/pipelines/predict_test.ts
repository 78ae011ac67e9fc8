import { assert, assertEquals, assertRejects } from "@std/assert";
import { openDataset } from "../../src/data/mod.ts";
import { predict } from "../../src/pipelines/predict.ts";
import { inTrained } from "./_folder.ts";

Deno.test("predict() agrees with the test accuracy and ranks probabilities that add up to 1", () =>
  inTrained(async ({ data, trained, result }) => {
    const options = { from: trained, files: [], data, top: 10, batch: 16, build: "strict" } as const;
    const predictions = await predict(options);
    const { test, classes } = await openDataset(data);
    const right = predictions.filter((found, i) => found.class === classes[test.labels[i]!]).length;
    assertEquals(right / test.count, result.testAccuracy);
    for (const { top, probability } of predictions) {
      assert(top.every((entry, i) => i === 0 || entry.probability <= top[i - 1]!.probability));
      assert(Math.abs(top.reduce((sum, entry) => sum + entry.probability, 0) - 1) < 1e-5);
      assertEquals(top[0]!.probability, probability);
    }
    await assertRejects(() => predict({ ...options, data: "sign-language-digits" }), RangeError, "3 channels");
  }));
