import { assert, assertStringIncludes } from "@std/assert";
import { summariseInspection } from "../../src/report/inspection_summary.ts";
import { BAD, GOOD } from "./_inspection.ts";

Deno.test("summariseInspection() fits on a screen of 40 lines, however much there is to say", () => {
  for (const inspection of [GOOD, BAD]) {
    const lines = summariseInspection(inspection, "photos").split("\n");
    assert(lines.length <= 40, `${lines.length} lines:\n${lines.join("\n")}`);
  }
});

Deno.test("summariseInspection() shows the largest and smallest classes, duplicates and reasons", () => {
  const text = summariseInspection(BAD, "photos");
  for (
    const words of [
      "class 39",
      "class 0 ",
      "… 30 more",
      "! LEAK",
      "a0.png (cat) = b0<.png (dog): near, LEAK, other class",
    ]
  ) {
    assertStringIncludes(text, words);
  }
  for (const words of ["Cannot read bad0.png", "… 57 more", "validation"]) assertStringIncludes(text, words);
  assert(!summariseInspection(GOOD, "photos").includes("validation"));
});
