import { assertEquals } from "@std/assert";
import { estimateSeconds } from "../../src/sweep/estimate.ts";

Deno.test("a trial takes as long as the runs that are most like it, by their epochs", () => {
  const runs = [
    { settings: { data: "a", epochs: 2 }, seconds: 10 },
    { settings: { data: "b", epochs: 2 }, seconds: 40 },
    { settings: { data: "b", epochs: 2, seed: 4 }, seconds: 60 },
  ];
  assertEquals(estimateSeconds({ data: "a" }, []), undefined);
  assertEquals(estimateSeconds({ data: "a", epochs: 4 }, runs), 20);
  assertEquals(estimateSeconds({ data: "b", epochs: 2, seed: 9 }, runs), 50);
});
