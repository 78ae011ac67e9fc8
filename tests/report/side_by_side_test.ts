import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import { judgeSideBySide, renderSideBySide } from "../../src/report/mod.ts";
import { randomGenotype } from "../../src/spaces/darts/genotype.ts";
import { comparedRun } from "./_compared_runs.ts";
import { assertGoodPage, textOf } from "./_html.ts";

Deno.test("renderSideBySide() lays curves over each other and shows each architecture once", () => {
  const other = comparedRun("second", { testAccuracy: 0.9, genotype: randomGenotype(2) }, 9);
  const page = renderSideBySide([comparedRun("first"), other, comparedRun("third")]);
  assertGoodPage(page);
  const words = textOf(page);
  for (const word of ["3 runs on uci-digits", "What first and third found", "What second found", "Where they differ"]) {
    assertStringIncludes(words, word);
  }
  assertEquals(page.match(/<svg class="chart wide"/g)?.length, 4);
  assertStringIncludes(words, "deno task report runs/first runs/second runs/third");
});

Deno.test("judgeSideBySide() says who is ahead, and whether it may be chance", () => {
  const judge = (first: number | undefined, second: number | undefined, data?: string) => {
    const { headline, sentences } = judgeSideBySide([
      comparedRun("a", { testAccuracy: first }),
      comparedRun("b", { testAccuracy: second, ...data === undefined ? {} : { data } }),
    ]);
    return [headline, ...sentences].join(" ");
  };
  // 24 images: two shares of 50 and 70 % have a standard error of √(0.25/24 + 0.21/24) = 0.1384, times 1.96.
  assertEquals(
    judge(0.5, 0.7),
    "b is ahead: 70.0 % of the test images, 20.0 points before a With 24 test images a difference of 27.1 points may be " +
      "chance: that between the first two is within it. Another seed may add to it.",
  );
  assertStringIncludes(judge(0.9, 0.1), "that between the first two is larger");
  assertStringIncludes(judge(0.9, 0.9), "a and b are level");
  assertStringIncludes(judge(0.9, undefined), "a alone has a trained network: 90.0 %");
  assertStringIncludes(judge(undefined, undefined), "none with a trained network");
  const apart = judge(0.5, 0.7, "runs/other");
  assertStringIncludes(apart, "2 runs on uci-digits and other");
  assert(!apart.includes("ahead"));
});
