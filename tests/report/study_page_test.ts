import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import { renderStudy } from "../../src/report/study_page.ts";

const trial = (name: string, rate: number, prior: string | undefined, accuracy?: number) => ({
  name,
  settings: { learningRate: rate, prior },
  state: accuracy === undefined ? "failed" : "finished",
  accuracy,
  curve: accuracy === undefined ? [] : [[1, accuracy / 2], [2, accuracy]] as const,
});

const STUDY = {
  name: "study",
  folder: "runs/study",
  images: "test images",
  trials: [
    trial("t1", 0.001, "both", 0.5),
    trial("t2", 0.1, "<none>", 0.75),
    trial("t3", 1, undefined, 0.25),
    trial("t4", 0.1, "both"),
  ],
} as const;

Deno.test("the page of a study tells the best trial, draws a line each, and names what failed", () => {
  const page = renderStudy(STUDY);
  assertStringIncludes(page, "<h1>The best of 4 trials: 75.0");
  assertStringIncludes(page, "1 of 4 trials failed and were set aside.");
  const [plot] = /<svg class="leads"[^]*?<\/svg>/.exec(page)!;
  // Three finished trials and three axes; the best quarter is one line.
  assertEquals([plot.match(/<path fill="none"/g)!.length, plot.match(/class="heading"/g)!.length], [3, 3]);
  assertEquals(plot.match(/class="curve color0"/g)!.length, 1);
  assertStringIncludes(plot, "t2: 75.0 %");
  // The rates span three powers of ten: the middle one of the three ends is not in a corner.
  const ends = [...plot.matchAll(/ d="M([\d.]+),([\d.]+)L/g)].map(([, , y]) => Number(y));
  assertEquals(ends, [34, 304, 124]);
  assert(!page.includes("<none>"));
});

Deno.test("a study that has not come to anything has a page", () => {
  const page = renderStudy({ ...STUDY, trials: STUDY.trials.slice(3) });
  assertStringIncludes(page, "<h1>1 trial<");
  assert(!page.includes("<svg"));
});
