import { assertEquals, assertRejects } from "@std/assert";
import { evaluate } from "../../src/pipelines/evaluate.ts";
import { RunError } from "../../src/run/mod.ts";
import { inTrained } from "./_folder.ts";

Deno.test("evaluate() finds what the training found, with any number of threads", () =>
  inTrained(async ({ folder, trained, result }) => {
    for (const threads of [1, 2]) {
      const found = await evaluate({ from: trained, batch: 16, build: "strict", threads });
      assertEquals([found.testAccuracy, found.testLoss], [result.testAccuracy, result.testLoss]);
      assertEquals([found.parameters, found.macs], [result.parameters, result.macs]);
      // Pictures are for the run's report only.
      const { mistakes, ...test } = result.test!;
      assertEquals(found.test, { ...test, mistakes: mistakes.map(({ picture: _, ...mistake }) => mistake) });
      assertEquals([test.count, test.accuracy, test.loss], [found.count, found.testAccuracy, found.testLoss]);
    }
    await assertRejects(() => evaluate({ from: folder, batch: 16 }), RunError, "network.safetensors");
  }));
