import { assertEquals, assertStringIncludes } from "@std/assert";
import { judgeDemo, judgeRun } from "../../src/report/mod.ts";
import { epochOf, TRANSFER } from "./_run_result.ts";

Deno.test("judgeRun() says how good, how long, what, whence and why, and what next", () => {
  const { headline, sentences, warnings, next } = judgeRun(TRANSFER, "runs/x");
  assertEquals(headline, "97.6 % on images it has never seen, in 1 min 04 s");
  assertEquals(sentences, [
    "The network has 50,450 parameters and 9.0 million multiply-adds an image.",
    "It grew from the supernet broad, with its weights and architecture prior: " +
    "the nearest of 2 in the zoo by the distance between datasets (91; next is cifar10 with 101).",
    "On held-out images a fitted head alone was right on 92.0 %, the supernet on 98.0 %.",
  ]);
  assertEquals(warnings, []);
  assertEquals(next, ["deno task predict --from runs/x photo.png", "deno task eval --from runs/x"]);
});

Deno.test("judgeRun() says why a source was taken", () => {
  const origin = (further: object) => judgeRun({ ...TRANSFER, ...further }).sentences[1]!;
  assertStringIncludes(origin({ sourceChoice: "given", sourceRanking: undefined }), "the one that was asked for");
  assertStringIncludes(origin({ sourceChoice: "random", sourceRanking: undefined }), "drawn by the seed");
  assertStringIncludes(origin({ sourceChoice: "single" }), "the nearest of 2 with a single dataset");
  assertStringIncludes(origin({ prior: "weights" }), "not the architecture prior");
  assertStringIncludes(origin({ prior: "none" }), "searched from scratch");
  assertStringIncludes(origin({ command: "traditional", prior: undefined }), "the network of the entry broad:");
});

Deno.test("judgeRun() of a search or a pretraining speaks of the supernet, and of what is to be done", () => {
  const { testAccuracy: _, ...found } = TRANSFER;
  const search = judgeRun({ ...found, command: "search" }, "runs/s");
  assertEquals(search.headline, "98.0 % on held-out images, in 1 min 04 s");
  assertStringIncludes(search.sentences[0]!, "not trained yet");
  assertEquals(search.next, ["deno task train --from runs/s"]);
  const pretrain = judgeRun({ ...found, command: "pretrain", data: "a,b", card: { name: "mine" } });
  assertEquals(pretrain.headline, "98.0 % on held-out images, mean of 2 datasets, in 1 min 04 s");
  assertEquals(pretrain.next, ["deno task transfer --source mine --target DATASET"]);
});

const DEMO = { command: "demo", target: "digits", source: "broad", seed: 0, seconds: 100 };

Deno.test("judgeDemo() tells both arms, whichever is ahead", () => {
  const scratch = { ...TRANSFER, testAccuracy: 0.951, seconds: 128.4, prior: "none" };
  const arms = [{ arm: "transfer", result: TRANSFER }, { arm: "scratch", result: scratch }];
  const ahead = judgeDemo({ ...DEMO, arms }, "runs/d");
  assertStringIncludes(ahead.headline, "97.6 %");
  assertStringIncludes(
    ahead.sentences[0]!,
    "95.1 %, in 2 min 08 s. The transfer is 2.5 points ahead and 2.0 times as fast",
  );
  assertEquals(ahead.next[0], "deno task predict --from runs/d/transfer photo.png");
  const behind = judgeDemo({
    ...DEMO,
    arms: [{ arm: "transfer", result: scratch }, { arm: "scratch", result: TRANSFER }],
  });
  assertStringIncludes(behind.sentences[0]!, "2.5 points behind and 2.0 times as slow");
});

Deno.test("judgeDemo() says of which arm the network is worse than its supernet", () => {
  const scratch = { ...TRANSFER, testAccuracy: 0.6, trainCurve: [epochOf(1, 0.5)] };
  const { warnings } = judgeDemo({
    ...DEMO,
    arms: [{ arm: "transfer", result: TRANSFER }, { arm: "scratch", result: scratch }],
  });
  assertEquals(warnings.length, 1);
  assertStringIncludes(warnings[0]!, "Scratch: The derived network is worse");
});
