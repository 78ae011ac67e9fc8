import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import { renderClassBars } from "../../src/report/class_bars.ts";
import { assertWellFormed } from "./_html.ts";
import { answersOf } from "./_test_report.ts";

const widths = (html: string, color: number) =>
  [
    ...html.slice(0, html.lastIndexOf("<svg")).matchAll(
      new RegExp(`class="bar color${color}"[^>]*width="([\\d.]+)"`, "g"),
    ),
  ]
    .map(([, width]) => Number(width));

Deno.test("renderClassBars() draws recall and precision in proportion, with F1 and the number of images", () => {
  const report = (name: string, recall: number, precision: number) => ({
    name,
    support: 1234,
    recall,
    precision,
    f1: 0.5,
  });
  const html = renderClassBars({ classes: [report("<ant>", 1, 0.25), report("bee", 0.5, 0)] });
  assertWellFormed(html);
  const [[full, half], [quarter, none]] = [widths(html, 0), widths(html, 1)] as [[number, number], [number, number]];
  assert(full > 200);
  for (const [found, share] of [[half, 0.5], [quarter, 0.25], [none, 0]] as const) {
    assert(Math.abs(found - share * full) <= 0.1, `${found} is ${share} of ${full}`);
  }
  for (const words of [">50.0</text>", ">1,234</text>", "&#60;ant&#62;: recall 100.0 %"]) {
    assertStringIncludes(html, words);
  }
});

Deno.test("renderClassBars() says what cannot be measured, and shows the weakest of many classes", () => {
  const nobody = { name: "dodo", support: 0, recall: null, precision: null, f1: null };
  const html = renderClassBars({ classes: [...answersOf(["ant", "bee"]).classes, nobody] });
  assertStringIncludes(html, "dodo: recall not measured");
  assertStringIncludes(html, ">–</text>");
  const { classes } = answersOf(Array.from({ length: 30 }, (_, i) => `kind ${i}`), 7);
  const many = renderClassBars({ classes });
  assertStringIncludes(many, "The 20 weakest of 30 classes");
  assertEquals(widths(many, 0).length, 20);
  const sorted = classes.toSorted((a, b) => a.f1! - b.f1!);
  assert(many.indexOf(`>${sorted[0]!.name}</text>`) > 0 && !many.includes(`>${sorted.at(-1)!.name}</text>`));
});
