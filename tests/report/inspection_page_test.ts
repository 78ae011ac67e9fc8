import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import { renderInspection } from "../../src/report/inspection_page.ts";
import { BAD, GOOD, pair } from "./_inspection.ts";

const sample = { side: 8, pixels: new Uint8Array(192) };
const PICTURES = {
  classes: [{ name: "cat", samples: [sample, sample] }, { name: "dog", samples: [] }],
  groups: [
    { group: pair(true, true), samples: [sample, undefined] },
    { group: pair(false, true), samples: [sample, sample] },
    { group: pair(false, false), samples: [sample, sample] },
  ],
};

Deno.test("renderInspection() shows leaks, then conflicts, then other duplicates, then counts and classes", () => {
  const html = renderInspection(BAD, PICTURES, "data/photos");
  const sections = Array.from(html.matchAll(/<section><h2>([^<]*)/g), ([, title]) => title);
  assertEquals(sections, [
    "Leaks: learnt and tested on",
    "The same picture in two classes",
    "Duplicates",
    "Counts and sizes",
    "Classes",
    "Unreadable",
  ]);
  assertEquals(html.match(/<img src="data:image\/png;base64,/g)?.length, 6);
  for (
    const words of [
      "b0&#60;.png",
      "it is &#60;cut&#62;",
      "5 groups, of which 1 are shown",
      "data inspect data/photos --html",
    ]
  ) {
    assertStringIncludes(html, words);
  }
});

Deno.test("renderInspection() needs nothing but itself, and leaves out what there is nothing of", () => {
  const html = renderInspection(GOOD, { classes: PICTURES.classes, groups: [] }, "photos");
  assert(!/(src|href)="(?!data:)/.test(html) && !html.includes("<script"));
  assertStringIncludes(html, "default-src 'none'; img-src data:");
  for (const title of ["Leaks", "Unreadable"]) assert(!html.includes(`<h2>${title}`));
  for (const title of ["Types of files", "Grey or in colour"]) assertStringIncludes(html, title);
  assert(!renderInspection({ ...GOOD, types: {} }, { classes: [], groups: [] }, "photos").includes("Types of files"));
});
