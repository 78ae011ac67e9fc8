import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import { renderMistakes } from "../../src/report/mistakes_gallery.ts";
import { assertWellFormed, textOf } from "./_html.ts";
import { PICTURE } from "./_test_report.ts";

const mistake = { image: 17, true: "cat", predicted: "dog", probability: 0.9849, picture: PICTURE };

Deno.test("renderMistakes() shows each picture with what it is and what was said", () => {
  const html = renderMistakes([mistake, { ...mistake, image: 3, probability: 0.9994 }, { ...mistake, probability: 1 }]);
  assertWellFormed(html);
  assertEquals(html.match(/<img src="data:image\/png;base64,/g)?.length, 3);
  assertStringIncludes(html, `alt="test image 17"`);
  assertStringIncludes(textOf(html), "true cat , said dog 98 %");
  assertStringIncludes(textOf(html), "99.9 %");
  assertStringIncludes(textOf(html), "100 %");
  assertEquals(renderMistakes([]), "");
});

Deno.test("renderMistakes() shows nothing that is no picture within the page, and escapes names", () => {
  for (
    const picture of [undefined, "https://example.org/x.png", `${PICTURE}" onerror="x`, "data:text/html;base64,AAAA"]
  ) {
    const html = renderMistakes([{ ...mistake, true: "<script>", picture }]);
    assert(!html.includes("<img") && !html.includes("onerror") && !html.includes("<script"));
    assertStringIncludes(html, "image 17");
    assertWellFormed(html);
  }
});
