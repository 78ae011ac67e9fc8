import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import type { AlphaHistory } from "../../src/report/alpha_history.ts";
import { renderAlpha } from "../../src/report/alpha_map.ts";
import { assertWellFormed, textOf } from "./_html.ts";

/** Two edges, two operations; the first strength of a frame grows from 0.2 to 0.8, the last candidate was pruned away. */
function historyOf(epochs: number): AlphaHistory {
  return {
    frames: Array.from({ length: epochs + 1 }, (_, epoch) => {
      const first = 0.2 + 0.6 * epoch / Math.max(1, epochs);
      return { epoch, strengths: [9, first, 1 - first, 1, 0] };
    }),
    matrices: [{
      title: "A <cell>",
      groups: ["x to y", "y to z"],
      candidates: ["skip", "conv 3×3"],
      offset: 1,
      sums: [0, 1],
      isChosen: (row, column) => row === 0 && column === 0,
    }],
  };
}

const barsOf = (html: string) =>
  [...html.matchAll(/<path class="shade color0" fill-opacity="([\d.]+)" d="([^"]+)"/g)]
    .map(([, opacity, path]) => [Number(opacity), path!.match(/M/g)!.length]);

Deno.test("renderAlpha() draws a bar a moment, the fuller its colour the stronger, and outlines what was derived", () => {
  const html = renderAlpha(historyOf(2));
  assertWellFormed(html);
  assert(!html.includes("<cell>"));
  const [wide] = html.match(/<svg class="chart alpha wide".*?<\/svg>/s)!;
  // 0.2, 0.5, 0.8 and back: each once a box; 1 throughout is one bar, and what was pruned away is none.
  assertEquals(barsOf(wide), [[0.04, 2], [0.44, 2], [0.76, 2], [1, 1]]);
  assertEquals(wide.match(/class="chosen" d="M[^M]*"/g)?.length, 1);
  assertStringIncludes(wide, "x to y, skip: 20.0 % at epoch 0, 80.0 % at epoch 2");
  assertStringIncludes(wide, "Strongest at the end: x to y: skip 80.0 %; y to z: skip 100.0 %");
  assertStringIncludes(textOf(html), "weakest, 20.0 % strongest, 100.0 %");
  assertStringIncludes(html, `<td data-label="conv 3×3" class="right"></td>`);
});

Deno.test("renderAlpha() shows at most two dozen moments, a single one, and numbers that are no shares", () => {
  const [wide] = renderAlpha(historyOf(199)).match(/<svg class="chart alpha wide".*?<\/svg>/s)!;
  assert(barsOf(wide).map(([, count]) => count!).reduce((sum, count) => sum + count) <= 24 * 3);
  assertStringIncludes(wide, "20.0 % at epoch 0, 80.0 % at epoch 199");
  assertWellFormed(renderAlpha(historyOf(0)));
  const { frames: [frame], matrices } = historyOf(0);
  const large = renderAlpha({ frames: [{ ...frame!, strengths: [0, -1.23456, 20, 3, 4] }], matrices });
  assertStringIncludes(textOf(large), "weakest, -1.23 strongest, 20");
  assertEquals(renderAlpha(undefined), "");
});
