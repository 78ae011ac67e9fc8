import { assertEquals, assertRejects } from "@std/assert";
import { randomGenotype } from "../../src/spaces/darts/genotype.ts";
import { withoutAuxiliaryHead } from "../../src/stages/training_stage.ts";
import { Interrupted } from "../../src/run/mod.ts";
import { inDigits } from "../pipelines/_folder.ts";
import { runTraining, timeless, TINY } from "../pipelines/_runs.ts";

Deno.test("runTrainingStage() goes on after an interruption to the same end, with all that is random in it", () =>
  inDigits(async (folder, data) => {
    const options = {
      data,
      architecture: { genotype: JSON.stringify(randomGenotype(1, 2)) },
      sizes: TINY.sizes,
      training: { epochs: 2, dropPath: 0.3, auxiliary: 0.4, cutout: 8 },
    };
    const whole = await runTraining(`${folder}/whole`, options);
    let steps = 0;
    const interrupt = {
      get requested() {
        return steps === 7;
      },
    };
    const out = `${folder}/stopped`;
    const onEvent = ({ type }: { type: string }) => void (steps += Number(type === "step"));
    await assertRejects(() => runTraining(out, options, { interrupt, onEvent }), Interrupted);
    const resumed = await runTraining(out, options, { resume: true, threads: 2 });
    assertEquals(timeless(resumed), timeless(whole));
  }));

Deno.test("withoutAuxiliaryHead() leaves everything else", () => {
  const tensor = { shape: [1], data: new Float32Array(1) };
  const state = new Map([["stem.0.weight", tensor], ["auxiliary_head.classifier.bias", tensor]]);
  assertEquals([...withoutAuxiliaryHead(state).keys()], ["stem.0.weight"]);
});
