import { assertEquals } from "@std/assert";
import { judgePareto } from "../../src/report/mod.ts";
import { PARETO } from "./_pareto_result.ts";

Deno.test("judgePareto() says where the knee is, how far sizes reach, and what goes on from there", () => {
  assertEquals(judgePareto(PARETO, "runs/p"), {
    headline: "The knee is at 30,200 parameters: 74.5 % on images it has never seen",
    sentences: [
      "5 networks from one supernet, of 21,000 to 44,050 parameters, in 2 min 12 s.",
      "Of 2 that were trained the most accurate is right on 76.0 % of the test images, with 44,050 parameters.",
    ],
    warnings: [],
    next: ["deno task predict --from runs/p/networks/3 photo.png", "deno task export --from runs/p/networks/3"],
  });
});

Deno.test("judgePareto() words milliseconds, and a row of which nothing was trained, or all by the supernet's own run", () => {
  const untrained = PARETO.points.map((point) => ({ ...point, testAccuracy: undefined, folder: undefined }));
  const given = { ...PARETO, points: untrained, axis: "milliseconds", supernet: "runs/t" } as const;
  const { headline, next } = judgePareto(given);
  assertEquals(headline, "The knee is at 0.755 ms an image: 68.0 % on held-out images, before any training");
  assertEquals(next, ["deno task pareto --from runs/t --train knee,5 --out runs/pareto-trash & net-trained"]);
  const ofRun = untrained.map((point, i) => i === 4 ? { ...point, folder: "runs/t" } : point);
  assertEquals(judgePareto({ ...given, points: ofRun }).next[1], "deno task export --from runs/t");
});
