import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import { renderReliability } from "../../src/report/reliability_diagram.ts";
import { assertWellFormed } from "./_html.ts";
import { answersOf } from "./_test_report.ts";

Deno.test("renderReliability() has a bar, a mark and a count for each bin that has images", () => {
  const { calibration } = answersOf(["ant", "bee", "cat"], 40);
  const html = renderReliability({ calibration });
  assertWellFormed(html);
  const filled = calibration.bins.filter(({ count }) => count > 0);
  for (const type of [`class="bar color0"`, `class="sure color1"`, `class="count"`]) {
    assertEquals(html.match(new RegExp(type, "g"))?.length, 2 * filled.length, type);
  }
  assertStringIncludes(html, `calibration error ${(100 * calibration.error).toFixed(1)} points`);
  assertStringIncludes(html, `Of ${filled[0]!.count} image`);
});

Deno.test("renderReliability() draws bars as high as the share that is right", () => {
  const bin = (from: number, accuracy: number) => ({
    from,
    to: from + 0.1,
    count: 5,
    confidence: from + 0.05,
    accuracy,
  });
  const html = renderReliability({ calibration: { error: 0.1, bins: [bin(0.2, 0.5), bin(0.3, 1), bin(0.4, 0)] } });
  const heights = [...html.matchAll(/class="bar color0"[^>]*height="([\d.]+)"/g)].map(([, height]) => Number(height));
  assertEquals(heights.slice(0, 3), [125, 250, 0]);
  const empty = renderReliability({ calibration: { error: 0, bins: [] } });
  assert(!empty.includes("NaN"));
});
