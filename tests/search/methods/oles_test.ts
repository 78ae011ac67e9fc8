import { assertEquals } from "@std/assert";
import { createOles, OLES } from "../../../src/search/methods/oles.ts";
import { createDarts, DARTS_SETTINGS } from "../../../src/search/mod.ts";
import { TINY_SPACE } from "../../network/_tiny_task.ts";
import { MOMENT, waves } from "./_moments.ts";

Deno.test("createOles() mixes as DARTS does", () => {
  const [oles, darts] = [createOles(TINY_SPACE), createDarts(TINY_SPACE)];
  assertEquals(oles.mix(waves(80), MOMENT).weights, darts.mix(waves(80), MOMENT).weights);
  assertEquals([oles.name, oles.updatesAlpha(0), oles.state()], ["oles", true, null]);
});

Deno.test("the row of OLES lets operations stop by the numbers of its paper's code, DARTS never", () => {
  assertEquals(OLES.settings, { operationStopping: { steps: 20, threshold: 0.4 } });
  assertEquals(DARTS_SETTINGS.operationStopping, undefined);
});
