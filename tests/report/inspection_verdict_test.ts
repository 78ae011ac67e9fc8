import { assert, assertEquals, assertMatch } from "@std/assert";
import { judgeInspection } from "../../src/report/inspection_verdict.ts";
import { BAD, GOOD } from "./_inspection.ts";

Deno.test("judgeInspection() has nothing to say against a good dataset, and says how to go on", () => {
  const { headline, sentences, warnings, next } = judgeInspection(GOOD, "my photos");
  assertEquals(headline, "photos: 120 images in 2 classes, nothing to mend");
  assertEquals([warnings, next], [[], ["deno task transfer --target 'my photos'"]]);
  assertMatch(sentences.join(" "), /20 to test on.*120 JPEG; shorter sides 200 to 400 pixels.*--image 96/);
  const shortSide = { least: 96, median: 96, most: 96 };
  const even = judgeInspection({ ...GOOD, sizes: { ...GOOD.sizes, shortSide } }, "photos").sentences.join(" ");
  assertMatch(even, /120 JPEG; shorter sides 96 pixels;/);
});

Deno.test("judgeInspection() names leaks first and says what to do about everything", () => {
  const { headline, warnings, next } = judgeInspection(BAD, "photos");
  assertMatch(headline, /test images that are also learnt and 7 more things to look at$/);
  assertMatch(warnings[0]!, /^LEAK: 5 images to test on are also to learn from/);
  const text = warnings.join("\n");
  for (
    const words of [
      "different classes",
      "fewer than 10",
      "--class-weights balanced",
      "cannot be read (33.3 %)",
      "passed over",
    ]
  ) {
    assert(text.includes(words), `${words} is missing in ${text}`);
  }
  assertEquals(next, ["deno task transfer --target photos --class-weights balanced"]);
});

Deno.test("judgeInspection() warns of duplicates that the division for tests would part", () => {
  const duplicates = { ...GOOD.duplicates, superfluous: 1 };
  const { warnings } = judgeInspection({ ...GOOD, hasTest: false, test: 0, duplicates }, "photos");
  assertMatch(warnings.join(), /1 image shows what another one does.*set apart for tests/);
  assertEquals(judgeInspection({ ...GOOD, duplicates }, "photos").warnings, []);
});
