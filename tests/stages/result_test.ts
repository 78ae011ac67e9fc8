import { assertEquals } from "@std/assert";
import { toPoint } from "../../src/stages/result.ts";

Deno.test("toPoint() keeps the figures of a curve and nothing else", () => {
  const figures = { epoch: 1, seconds: 2, trainLoss: 3, trainAccuracy: 0.4 };
  assertEquals(toPoint({ ...figures, genotype: "…" } as typeof figures), figures);
  const all = { ...figures, validLoss: 5, validAccuracy: 0.6 };
  assertEquals(toPoint(all), all);
});
