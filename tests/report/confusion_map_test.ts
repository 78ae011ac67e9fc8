import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import { renderConfusionMap } from "../../src/report/confusion_map.ts";
import { assertWellFormed } from "./_html.ts";
import { answersOf } from "./_test_report.ts";

const NAMES = ["ant", "bee", "cat"];

Deno.test("renderConfusionMap() has a cell for whatever was said, numbered, hits and mistakes in colours of their own", () => {
  const test = answersOf(NAMES, 20);
  const html = renderConfusionMap(test);
  assertWellFormed(html);
  const cells = test.confusion.flatMap((row, i) => row.map((count, k) => ({ count, isHit: i === k })));
  const wide = html.slice(html.indexOf("<svg"), html.indexOf("</svg>"));
  const count = (pattern: RegExp) => wide.match(pattern)?.length ?? 0;
  assertEquals(count(/<g class="color0">/g), cells.filter(({ count, isHit }) => isHit && count > 0).length);
  assertEquals(count(/<g class="color1">/g), cells.filter(({ count, isHit }) => !isHit && count > 0).length);
  for (const { count } of cells.filter(({ count }) => count > 0)) assertStringIncludes(wide, `>${count}</text>`);
  const share = (100 * test.confusion[0]![1]! / 20).toFixed(1);
  assertStringIncludes(wide, `ant, said to be bee: ${test.confusion[0]![1]} (${share} %)`);
  assertStringIncludes(wide, `cat: ${test.confusion[2]![2]} of 20 right`);
});

Deno.test("renderConfusionMap() is darker the larger the share of a class", () => {
  const test = {
    classes: NAMES.map((name) => ({ name, support: 10, precision: 1, recall: 1, f1: 1 })),
    confusion: [[10, 0, 0], [4, 6, 0], [1, 0, 9]],
  };
  const shades = [...renderConfusionMap(test).matchAll(/fill-opacity="([\d.]+)"/g)].slice(0, 5).map(([, shade]) =>
    shade
  );
  const [all, four, six, one, nine] = shades.map(Number) as [number, number, number, number, number];
  assert(all > nine && nine > six && six > four && four > one && one > 0.2);
});

Deno.test("renderConfusionMap() names no classes beside a map of many, shortens long names, and escapes them", () => {
  const many = renderConfusionMap(answersOf(Array.from({ length: 60 }, (_, i) => `kind ${i}`), 4));
  assert(!many.includes("<text"));
  assertStringIncludes(many, "kind 7, said to be kind 7");
  const odd = renderConfusionMap(answersOf(["<b>&", "a name that is far too long for a margin"], 9));
  assertWellFormed(odd);
  assert(!odd.includes("<b>"));
  assertStringIncludes(odd, ">a name that is…</text>");
  assertEquals(odd.match(/viewBox="0 0 (520|312) /g)?.length, 2);
});
