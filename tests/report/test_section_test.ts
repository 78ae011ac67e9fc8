import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import { renderRunReport } from "../../src/report/mod.ts";
import { renderTest } from "../../src/report/test_section.ts";
import { assertGoodPage, assertWellFormed, textOf } from "./_html.ts";
import { TRANSFER } from "./_run_result.ts";
import { answersOf, PICTURE } from "./_test_report.ts";

const answers = answersOf(["ant", "bee", "cat", "dog"], 25);
const test = { ...answers, mistakes: answers.mistakes.map((mistake) => ({ ...mistake, picture: PICTURE })) };

Deno.test("renderTest() tells the figures, draws each view once for wide pages and phones, and lists all classes", () => {
  const html = renderTest(test);
  assertWellFormed(html);
  assertEquals(html.match(/<svg class="chart[^"]* wide"/g)?.length, 3);
  assertEquals(html.match(/<svg class="chart[^"]* narrow"/g)?.length, 3);
  const words = textOf(html);
  assertStringIncludes(words, "100 test images of 4 classes.");
  assertStringIncludes(words, `${(100 * test.balancedAccuracy).toFixed(1)} %`);
  assertStringIncludes(words, `${(100 * test.calibration.error).toFixed(1)} points`);
  for (const heading of ["Its surest mistakes", "Most confused", "All 4 classes as a table"]) {
    assertStringIncludes(words, heading);
  }
  assertEquals(renderTest(undefined), "");
});

Deno.test("renderTest() of a faultless network has neither mistakes nor confusions", () => {
  const faultless = { ...test, mistakes: [], confused: [] };
  const words = textOf(renderTest(faultless));
  assert(!words.includes("mistakes") && !words.includes("Most confused"));
});

Deno.test("renderRunReport() shows the test between the figures and the curves, and not among further figures", () => {
  const page = renderRunReport({ ...TRANSFER, test }, { configuration: {} });
  assertGoodPage(page);
  assertStringIncludes(page, "img-src data:");
  const words = textOf(page);
  const at = ["multiply-adds an image", "What it does with images", "How it learnt"].map((text) => words.indexOf(text));
  assertEquals(at, at.toSorted((a, b) => a - b));
  assert(!words.includes("balanced accuracy 4 values") && !words.includes("Test, calibration"));
});
